// Hot loops over one 8-bit luma plane; each has a Swift twin that the tests compare it with.
#ifndef CLUMA_H
#define CLUMA_H

#include <stddef.h>
#include <stdint.h>

#endif
