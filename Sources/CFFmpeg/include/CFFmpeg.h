// FFmpeg as Swift may see it: the headers, and what the importer cannot read in them.

#ifndef CFFMPEG_H
#define CFFMPEG_H

#include <libavcodec/avcodec.h>
#include <libavcodec/bsf.h>
#include <libavformat/avformat.h>
#include <libavutil/avutil.h>
#include <libavutil/channel_layout.h>
#include <libavutil/dict.h>
#include <libavutil/error.h>
#include <libavutil/frame.h>
#include <libavutil/imgutils.h>
#include <libavutil/log.h>
#include <libavutil/md5.h>
#include <libavutil/mem.h>
#include <libavutil/opt.h>
#include <libavutil/parseutils.h>
#include <libavutil/pixdesc.h>
#include <libavutil/samplefmt.h>

// Macros with casts or function-like parts are not imported.
static const int CFFmpeg_ERROR_AGAIN = AVERROR(EAGAIN);
static const int CFFmpeg_ERROR_EOF = AVERROR_EOF;
static const int CFFmpeg_ERROR_IO = AVERROR(EIO);
static const int CFFmpeg_ERROR_NO_MEMORY = AVERROR(ENOMEM);
static const int CFFmpeg_ERROR_NOT_FOUND = AVERROR(ENOENT);
static const int CFFmpeg_ERROR_INVALID_DATA = AVERROR_INVALIDDATA;
static const int CFFmpeg_ERROR_NO_DECODER = AVERROR_DECODER_NOT_FOUND;
static const int CFFmpeg_ERROR_NO_ENCODER = AVERROR_ENCODER_NOT_FOUND;
static const int CFFmpeg_ERROR_PATCH_WELCOME = AVERROR_PATCHWELCOME;
static const int64_t CFFmpeg_NO_TIMESTAMP = AV_NOPTS_VALUE;
static const int CFFmpeg_WRITE_FILE = AVIO_FLAG_WRITE;
static const int CFFmpeg_TIME_BASE = AV_TIME_BASE;
static const int CFFmpeg_INPUT_PADDING = AV_INPUT_BUFFER_PADDING_SIZE;

// Drops what libavcodec, libavformat and libx264 log: by default it goes to the terminal, over the picture.
void CFFmpeg_silence_log(void);

// Takes the read-only pages of all loaded libraries out of this process; those that are used come back at once.
void CFFmpeg_release_unused_pages(void);

#endif
