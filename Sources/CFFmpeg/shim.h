// What Swift cannot import from FFmpeg's headers, and what differs between FFmpeg 5.1, 6 and 7.
// Nothing else lives here.
#ifndef CFFMPEG_SHIM_H
#define CFFMPEG_SHIM_H

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/avutil.h>
#include <libavutil/cpu.h>
#include <libavutil/display.h>
#include <libavutil/log.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
#include <libswscale/swscale.h>
#include <string.h>

// Function-like macros and casts are not imported.
static const int cffmpeg_end = AVERROR_EOF;
static const int cffmpeg_again = AVERROR(EAGAIN);
static const int cffmpeg_invalid = AVERROR_INVALIDDATA;
static const int cffmpeg_invalid_argument = AVERROR(EINVAL);
static const int cffmpeg_out_of_memory = AVERROR(ENOMEM);
static const int64_t cffmpeg_no_pts = AV_NOPTS_VALUE;

// The field was called pkt_duration before FFmpeg 6.
static inline int64_t cffmpeg_frame_duration(const AVFrame *frame) {
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(57, 30, 100)
  return frame->duration;
#else
  return frame->pkt_duration;
#endif
}

// A field of its own before FFmpeg 6.1, a flag after.
static inline int cffmpeg_frame_is_key(const AVFrame *frame) {
#ifdef AV_FRAME_FLAG_KEY
  return (frame->flags & AV_FRAME_FLAG_KEY) != 0;
#else
  return frame->key_frame != 0;
#endif
}

// Side data of the stream before FFmpeg 6.1, of its codec parameters after. NULL where there is none.
static inline const int32_t *cffmpeg_display_matrix(const AVStream *stream) {
#if LIBAVCODEC_VERSION_INT >= AV_VERSION_INT(60, 31, 102)
  const AVPacketSideData *data = av_packet_side_data_get(
      stream->codecpar->coded_side_data, stream->codecpar->nb_coded_side_data,
      AV_PKT_DATA_DISPLAYMATRIX);
  return data && data->size >= 9 * sizeof(int32_t) ? (const int32_t *)data->data : NULL;
#else
  size_t size = 0;
  const uint8_t *data = av_stream_get_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, &size);
  return data && size >= 9 * sizeof(int32_t) ? (const int32_t *)data : NULL;
#endif
}

// Raises the flag that a decoder's context carries in `opaque` when the decoder reports an error.
// Contexts of decoder threads carry it too. That a picture was patched up is said at the level of
// information, so it is known by its first word.
static inline void cffmpeg_note_complaint(
    void *source, int level, const char *format, va_list arguments) {
  (void)arguments;
  if ((level & 0xff) > AV_LOG_ERROR && strncmp(format, "concealing", 10) != 0) return;
  if (!source || *(const AVClass **)source != avcodec_get_class()) return;
  int *flag = (int *)((AVCodecContext *)source)->opaque;
  if (flag) __atomic_store_n(flag, 1, __ATOMIC_RELEASE);
}

// Silences the libraries and has decoders raise their flags instead.
static inline void cffmpeg_listen(void) {
  av_log_set_level(AV_LOG_QUIET);
  av_log_set_callback(cffmpeg_note_complaint);
}

static inline int cffmpeg_is_raised(const int *flag) {
  return __atomic_load_n(flag, __ATOMIC_ACQUIRE);
}

#endif
