// What Swift cannot import from the headers of libarchive and zlib. Nothing else lives here.
#ifndef CARCHIVE_SHIM_H
#define CARCHIVE_SHIM_H

#include <archive.h>
#include <archive_entry.h>
#include <locale.h>
#include <zlib.h>
#ifdef __APPLE__
#include <xlocale.h>
#endif

// Function-like macros are not imported.
static inline int carchive_inflate_init(z_stream *stream) { return inflateInit(stream); }
static inline int carchive_deflate_init(z_stream *stream) {
  return deflateInit(stream, Z_DEFAULT_COMPRESSION);
}

// Casts are not imported either.
static const unsigned carchive_file = AE_IFREG;
static const unsigned carchive_folder = AE_IFDIR;

// libarchive converts names to the character set of the thread's locale, which is ASCII in a
// program that sets none. These make it UTF-8 for the thread and take that back. NULL where the
// system has no such locale; names beyond ASCII then fail to convert.
typedef struct {
  locale_t own;
  locale_t before;
} carchive_locale;

static inline carchive_locale carchive_begin_utf8(void) {
  carchive_locale state = {(locale_t)0, (locale_t)0};
  state.own = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
  if (!state.own) state.own = newlocale(LC_CTYPE_MASK, "en_US.UTF-8", (locale_t)0);
  if (state.own) state.before = uselocale(state.own);
  return state;
}

static inline void carchive_end_utf8(carchive_locale state) {
  if (!state.own) return;
  uselocale(state.before);
  freelocale(state.own);
}

#endif
