// What Swift cannot import from HDF5's headers, and what differs between HDF5 1.10, 1.12 and 1.14.
// Nothing else lives here.
#ifndef CHDF5_SHIM_H
#define CHDF5_SHIM_H

#include <hdf5.h>

// Function-like macros and casts are not imported.
static const hid_t chdf5_default = H5P_DEFAULT;
static const hid_t chdf5_all = H5S_ALL;
static inline unsigned chdf5_read_only(void) { return H5F_ACC_RDONLY; }
static inline unsigned chdf5_new_only(void) { return H5F_ACC_EXCL; }
static inline hid_t chdf5_class_file_access(void) { return H5P_FILE_ACCESS; }
static inline hid_t chdf5_class_dataset_create(void) { return H5P_DATASET_CREATE; }
static inline hid_t chdf5_class_group_create(void) { return H5P_GROUP_CREATE; }
static inline hid_t chdf5_class_link_create(void) { return H5P_LINK_CREATE; }
static inline herr_t chdf5_set_variable(hid_t type) { return H5Tset_size(type, H5T_VARIABLE); }
static inline hid_t chdf5_c_string(void) { return H5T_C_S1; }
static inline hid_t chdf5_native_double(void) { return H5T_NATIVE_DOUBLE; }
static inline hid_t chdf5_native_int64(void) { return H5T_NATIVE_INT64; }
static inline hid_t chdf5_int8(void) { return H5T_STD_I8LE; }
static inline hid_t chdf5_uint8(void) { return H5T_STD_U8LE; }
static inline hid_t chdf5_int32(void) { return H5T_STD_I32LE; }
static inline hid_t chdf5_uint32(void) { return H5T_STD_U32LE; }
static inline hid_t chdf5_int64(void) { return H5T_STD_I64LE; }
static inline hid_t chdf5_uint64(void) { return H5T_STD_U64LE; }
static inline hid_t chdf5_float32(void) { return H5T_IEEE_F32LE; }
static inline hid_t chdf5_float64(void) { return H5T_IEEE_F64LE; }

// Keeps the library from printing its error stack; the setting belongs to a thread in some builds.
static inline void chdf5_be_quiet(void) { H5Eset_auto2(H5E_DEFAULT, NULL, NULL); }

// The kind of a link, negative where there is none. H5Lget_info has another signature since 1.12.
static inline int chdf5_link_kind(hid_t place, const char *name) {
#if H5_VERSION_GE(1, 12, 0)
  H5L_info2_t info;
  return H5Lget_info2(place, name, &info, H5P_DEFAULT) < 0 ? -1 : (int)info.type;
#else
  H5L_info_t info;
  return H5Lget_info(place, name, &info, H5P_DEFAULT) < 0 ? -1 : (int)info.type;
#endif
}

// Leaves elements as they are. References to strings of variable length are read by it as opaque
// bytes, because the library follows damaged ones out of its memory.
static inline herr_t chdf5_keep(
    hid_t source, hid_t target, H5T_cdata_t *data, size_t count, size_t stride,
    size_t background_stride, void *buffer, void *background, hid_t properties) {
  (void)source, (void)target, (void)count, (void)stride, (void)background_stride;
  (void)buffer, (void)background, (void)properties;
  if (data->command == H5T_CONV_INIT) data->need_bkg = H5T_BKG_NO;
  return 0;
}

// Has the library use chdf5_keep from strings of variable length to `opaque`.
static inline herr_t chdf5_keep_references(hid_t variable, hid_t opaque) {
  return H5Tregister(H5T_PERS_SOFT, "reference", variable, opaque, chdf5_keep);
}

// Reading needs no lock, and network file systems that have none would refuse the file.
static inline void chdf5_no_file_locking(hid_t access) {
#if H5_VERSION_GE(1, 12, 1) || (H5_VERSION_GE(1, 10, 7) && !H5_VERSION_GE(1, 11, 0))
  H5Pset_file_locking(access, 0, 1);
#else
  (void)access;
#endif
}

#endif
