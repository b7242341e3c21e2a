/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * sniff.c - signatures.                                                (door: libmagic)
 *
 * A table of bytes at fixed places, in order of trust (the first that fits wins), then the forms
 * that need a closer look: PDF behind rubbish, tar by its check sum, ISO media brands, OLE that
 * is a locked OOXML, markup, mail headers.  Sources: the formats' own specifications, and the
 * Garykessler and IANA lists for the plain magic numbers.
 */
#include "scanner/extract/sniff.h"

#include <magic.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "scanner/base/buf.h"
#include "scanner/extract/sniff_text.h"

struct signature {
    uint32_t at;
    struct span bytes;
    const char *type;
    bool text; /* the format itself is written in text */
};

#define S(at, bytes, type)                                                                         \
    {                                                                                              \
        (at), {(bytes), sizeof(bytes) - 1}, (type), false                                          \
    }
#define T(at, bytes, type)                                                                         \
    {                                                                                              \
        (at), {(bytes), sizeof(bytes) - 1}, (type), true                                           \
    }

static const struct signature signatures[] = {
    /* containers and compressed files */
    S(0, "PK\3\4", "application/zip"),
    S(0, "PK\5\6", "application/zip"),
    S(0, "PK\7\10PK", "application/zip"),
    S(0, "\x1F\x8B\x08", "application/gzip"),
    S(0,
      "\xFD"
      "7zXZ\0",
      "application/x-xz"),
    S(0, "\x28\xB5\x2F\xFD", "application/zstd"),
    S(0, "7z\xBC\xAF\x27\x1C", "application/x-7z-compressed"),
    S(0, "Rar!\x1A\x07\x00", "application/vnd.rar"),
    S(0, "Rar!\x1A\x07\x01\x00", "application/vnd.rar"),
    S(0, "\x04\x22\x4D\x18", "application/x-lz4"),
    S(0, "LZIP\1", "application/x-lzip"),
    S(0, "\x1F\x9D", "application/x-compress"),
    S(0, "\x89LZO\0\r\n\x1A\n", "application/x-lzop"),
    S(0, "LRZI", "application/x-lrzip"),
    S(0, "MSCF\0\0\0\0", "application/vnd.ms-cab-compressed"),
    S(0, "ISc(", "application/x-installshield"),
    S(0, "xar!\0", "application/x-xar"),
    S(0, "!<arch>\n", "application/x-archive"),
    S(0, "\xC7\x71", "application/x-cpio"),
    S(0, "\xED\xAB\xEE\xDB", "application/x-rpm"),
    T(0, "WARC/", "application/warc"),
    S(0, "MSWIM\0\0\0", "application/x-ms-wim"),
    S(0, "\x60\xEA", "application/x-arj"),
    S(0, "ITSF\3\0\0\0", "application/vnd.ms-htmlhelp"),
    S(0, "hsqs", "application/vnd.squashfs"),
    S(32769, "CD001", "application/x-iso9660-image"),
    S(34817, "CD001", "application/x-iso9660-image"),
    S(36865, "CD001", "application/x-iso9660-image"),
    /* documents and data bases */
    T(0, "%PDF-", "application/pdf"),
    T(0, "{\\rtf", "text/rtf"),
    T(0, "%!PS-AdobeFont", "font/type1"),
    T(0, "%!PS", "application/postscript"),
    S(0, "\xC5\xD0\xD3\xC6", "application/postscript"),
    S(0, "\x78\x9F\x3E\x22", "application/vnd.ms-tnef"),
    S(0, "!BDN", "application/vnd.ms-outlook-pst"),
    S(0, "SQLite format 3\0", "application/vnd.sqlite3"),
    S(0, "\0\1\0\0Standard Jet DB", "application/x-msaccess"),
    S(0, "\0\1\0\0Standard ACE DB", "application/x-msaccess"),
    S(0, "\0\1\0\0MSISAM Database", "application/x-msmoney"),
    S(0, "\xE4\x52\x5C\x7B\x8C\xD8\xA7\x4D", "application/onenote"),
    S(0, "\xA1\x2F\xFF\x43\xD9\xEF\x76\x4C", "application/onenote"),
    S(0, "\xFFWPC", "application/vnd.wordperfect"),
    S(0, "PGDMP", "application/x-postgresql-dump"),
    S(0, "TAPE\0\0", "application/x-ms-backup"),
    S(0, "PAR1", "application/vnd.apache.parquet"),
    S(0, "ORC", "application/vnd.apache.orc"),
    S(0, "Obj\1", "application/vnd.apache.avro"),
    S(0, "ARROW1\0\0", "application/vnd.apache.arrow.file"),
    S(0, "\x89HDF\r\n\x1A\n", "application/x-hdf5"),
    S(0, "bplist00", "application/x-bplist"),
    S(0, "ElfFile\0", "application/x-ms-evtx"),
    S(0, "regf", "application/x-ms-registry"),
    S(0, "\x4C\0\0\0\x01\x14\x02\0\0\0\0\0\xC0\0\0\0\0\0\0\x46", "application/x-ms-shortcut"),
    S(0, "AC10", "image/vnd.dwg"),
    S(0, "\x1A\x45\xDF\xA3", "video/x-matroska"),
    /* disks and what is encrypted on them */
    S(3, "-FVE-FS-", "application/x-bitlocker"),
    S(0, "LUKS\xBA\xBE", "application/x-luks"),
    S(0, "EVF\x09\x0D\x0A\xFF\0", "application/x-ewf"),
    S(0, "EVF2\x0D\x0A\x81\0", "application/x-ewf"),
    S(0, "LVF\x09\x0D\x0A\xFF\0", "application/x-ewf"),
    S(0, "KDMV", "application/x-vmdk"),
    S(0, "COWD", "application/x-vmdk"),
    T(0, "# Disk DescriptorFile", "application/x-vmdk"),
    S(0, "vhdxfile", "application/x-vhdx"),
    S(0, "conectix", "application/x-vhd"),
    S(0, "QFI\xFB", "application/x-qcow"),
    S(0x40, "\x7F\x10\xDA\xBE", "application/x-vdi"),
    S(3, "NTFS    ", "application/x-ntfs-image"),
    S(3, "EXFAT   ", "application/x-exfat-image"),
    S(54, "FAT1", "application/x-fat-image"),
    S(82, "FAT32   ", "application/x-fat-image"),
    S(0, "XFSB", "application/x-xfs-image"),
    S(512, "EFI PART", "application/x-raw-disk-image"),
    S(65536 - 10, "SWAPSPACE2", "application/x-swap"),
    S(4086, "SWAPSPACE2", "application/x-swap"),
    S(0, "\x85\x01\x0C", "application/pgp-encrypted"),
    T(0, "-----BEGIN PGP MESSAGE-----", "application/pgp-encrypted"),
    T(0, "age-encryption.org/v1\n", "application/x-age-encryption"),
    S(0, "Salted__", "application/x-openssl-encrypted"),
    T(0, "-----BEGIN ", "application/x-pem-file"),
    S(0, "\x03\xD9\xA2\x9A\x67\xFB\x4B\xB5", "application/x-keepass"),
    S(0, "\xFE\xED\xFE\xED", "application/x-java-keystore"),
    /* pictures */
    S(0, "\x89PNG\r\n\x1A\n", "image/png"),
    S(0, "\xFF\xD8\xFF", "image/jpeg"),
    S(0, "GIF87a", "image/gif"),
    S(0, "GIF89a", "image/gif"),
    S(0, "II*\0", "image/tiff"),
    S(0, "MM\0*", "image/tiff"),
    S(0, "II+\0", "image/tiff"),
    S(0, "MM\0+", "image/tiff"),
    S(0, "\0\0\0\x0CjP  \r\n\x87\n", "image/jp2"),
    S(0, "\xFF\x4F\xFF\x51", "image/jp2"),
    S(0, "\0\0\0\x0CJXL \r\n\x87\n", "image/jxl"),
    S(0, "8BPS\0\1", "image/vnd.adobe.photoshop"),
    S(0, "8BPS\0\2", "image/vnd.adobe.photoshop"),
    S(0, "AT&TFORM", "image/vnd.djvu"),
    S(0, "\x97JB2\r\n\x1A\n", "image/jbig2"),
    S(0, "\xD7\xCD\xC6\x9A", "image/wmf"),
    S(40, " EMF", "image/emf"),
    S(128, "DICM", "application/dicom"),
    S(0, "gimp xcf ", "image/x-xcf"),
    S(0, "\x59\xA6\x6A\x95", "image/x-sun-raster"),
    S(0, "DDS ", "image/vnd.ms-dds"),
    S(0, "\0\0\1\0\1\0", "image/vnd.microsoft.icon"),
    S(0, "II\xBC\1", "image/vnd.ms-photo"),
    /* sound and film */
    S(0, "ID3", "audio/mpeg"),
    S(0, "fLaC", "audio/flac"),
    S(0, "OggS\0", "audio/ogg"),
    S(0, "MThd\0\0\0\6", "audio/midi"),
    S(0, "#!AMR", "audio/amr"),
    S(0, ".snd\0\0\0", "audio/basic"),
    S(0, "caff\0\1", "audio/x-caf"),
    S(0, "\x30\x26\xB2\x75\x8E\x66\xCF\x11", "video/x-ms-asf"),
    S(0, "FLV\1", "video/x-flv"),
    S(0, "\0\0\1\xBA", "video/mpeg"),
    S(0, "\0\0\1\xB3", "video/mpeg"),
    S(0, "CWS", "application/vnd.adobe.flash.movie"),
    /* programs and their parts */
    S(0,
      "\x7F"
      "ELF",
      "application/x-elf"),
    S(0, "\0asm", "application/wasm"),
    S(0, "dex\n03", "application/vnd.android.dex"),
    S(0, "BC\xC0\xDE", "application/x-llvm-bitcode"),
    S(0, "\xCE\xFA\xED\xFE", "application/x-mach-binary"),
    S(0, "\xCF\xFA\xED\xFE", "application/x-mach-binary"),
    S(0, "\xFE\xED\xFA\xCE", "application/x-mach-binary"),
    S(0, "\xFE\xED\xFA\xCF", "application/x-mach-binary"),
    S(0, "\xDE\x12\x04\x95", "application/x-gettext-translation"),
    S(0, "\x95\x04\x12\xDE", "application/x-gettext-translation"),
    S(0, "\1fcp", "application/x-font-pcf"),
    S(0, "wOFF", "font/woff"),
    S(0, "wOF2", "font/woff2"),
    S(0, "OTTO\0", "font/otf"),
    S(0, "true\0", "font/ttf"),
    S(0, "ttcf\0", "font/collection"),
    S(0, "\0\1\0\0\0", "font/ttf"),
    S(0, "\x80\x01", "font/type1"),
    S(0, "Microsoft C/C++ MSF 7.00", "application/x-ms-pdb"),
    S(0, "\xA1\xB2\xC3\xD4", "application/vnd.tcpdump.pcap"),
    S(0, "\xD4\xC3\xB2\xA1", "application/vnd.tcpdump.pcap"),
    S(0, "\x0A\x0D\x0D\x0A", "application/x-pcapng"),
};

static bool has(struct span head, size_t at, struct span bytes)
{
    return at <= head.len && head.len - at >= bytes.len &&
           memcmp(head.at + at, bytes.at, bytes.len) == 0;
}

/* "PAR1", "true", "AC10" begin texts too: a signature that could stand in one counts only where
 * the bytes around it could not. */
static bool is_beside_text(struct span head, const struct signature *s)
{
    if (s->text || s->bytes.len >= 8)
        return true;
    for (size_t i = 0; i < s->bytes.len; i++) {
        if ((unsigned char)s->bytes.at[i] < ' ' || (unsigned char)s->bytes.at[i] > '~')
            return true;
    }
    for (size_t i = 0; i < head.len && i < 1024; i++) {
        if ((unsigned char)head.at[i] < '\t')
            return true;
    }
    return false;
}

static uint32_t number32(struct span head, size_t at, bool big)
{
    const unsigned char *u = (const unsigned char *)head.at + at;

    return big ? (uint32_t)u[0] << 24 | (uint32_t)u[1] << 16 | (uint32_t)u[2] << 8 | u[3]
               : (uint32_t)u[3] << 24 | (uint32_t)u[2] << 16 | (uint32_t)u[1] << 8 | u[0];
}

/* The check sum of the first header (POSIX.1-1988 ustar, and v7 which has no magic number). */
static bool is_tar(struct span head)
{
    const unsigned char *u = (const unsigned char *)head.at;

    if (head.len < 512 || u[0] == 0 ||
        (u[154] != 0 && u[154] != ' ' && u[155] != 0 && u[155] != ' '))
        return false;
    unsigned sum = 0, said = 0, digits = 0;

    for (size_t i = 0; i < 512; i++)
        sum += i >= 148 && i < 156 ? ' ' : u[i];
    for (size_t i = 148; i < 156; i++) {
        if (u[i] == ' ' && digits == 0)
            continue;
        if (u[i] < '0' || u[i] > '7')
            break;
        said = said * 8 + (u[i] - '0');
        digits++;
    }
    return digits > 0 && said == sum;
}

static size_t strspn_at(struct span s, const char *set)
{
    size_t n = 0;

    while (n < s.len && s.at[n] != '\0' && strchr(set, s.at[n]))
        n++;
    return n;
}

/* The ASCII forms: 070707 and only octal digits, 070701 or 070702 and only hexadecimal ones. */
static bool is_cpio(struct span head)
{
    bool old = has(head, 0, SPAN("070707"));
    size_t len = old ? 76 : 110;

    if ((!old && !has(head, 0, SPAN("070701")) && !has(head, 0, SPAN("070702"))) ||
        head.len <= len || head.at[len] <= ' ')
        return false;
    return strspn_at(head, old ? "01234567" : "0123456789abcdefABCDEF") >= len;
}

/* ISO base media (ISO/IEC 14496-12): the brand says what it holds. */
static const char *media_brand(struct span head)
{
    static const struct {
        char brand[5];
        const char *type;
    } brands[] = {
        {"heic", "image/heic"}, {"heix", "image/heic"}, {"hevc", "image/heic"},
        {"heim", "image/heic"}, {"heis", "image/heic"}, {"mif1", "image/heif"},
        {"msf1", "image/heif"}, {"avif", "image/avif"}, {"avis", "image/avif"},
        {"M4A ", "audio/mp4"},  {"M4B ", "audio/mp4"},  {"qt  ", "video/quicktime"},
        {"3gp4", "video/3gpp"}, {"3gp5", "video/3gpp"}, {"crx ", "image/x-canon-cr3"},
    };

    if (head.len < 12 || head.at[0] != '\0')
        return NULL;
    if (!has(head, 4, SPAN("ftyp")))
        return has(head, 4, SPAN("moov")) || has(head, 4, SPAN("wide")) ? "video/quicktime" : NULL;
    for (size_t i = 0; i < sizeof brands / sizeof *brands; i++) {
        if (memcmp(head.at + 8, brands[i].brand, 4) == 0)
            return brands[i].type;
    }
    return "video/mp4";
}

static const char *riff_form(struct span head)
{
    if ((!has(head, 0, SPAN("RIFF")) && !has(head, 0, SPAN("FORM"))) || head.len < 20 ||
        !memchr(head.at, '\0', 20))
        return NULL;
    if (has(head, 8, SPAN("WEBP")))
        return "image/webp";
    if (has(head, 8, SPAN("WAVE")))
        return "audio/vnd.wave";
    if (has(head, 8, SPAN("AVI ")))
        return "video/x-msvideo";
    if (has(head, 8, SPAN("AIF")))
        return "audio/x-aiff";
    return has(head, 0, SPAN("RIFF")) && head.len >= 12 ? "application/x-riff" : NULL;
}

/* Two MPEG audio frames (ISO/IEC 11172-3), the second where the first says it is. */
static const char *mpeg_audio(struct span head)
{
    static const uint16_t rates[2][15] = {
        {0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320}, /* MPEG 1 layer III */
        {0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160},     /* MPEG 2 */
    };
    static const uint16_t samples[3] = {44100, 48000, 32000};
    const unsigned char *u = (const unsigned char *)head.at;

    if (head.len < 4 || u[0] != 0xFF || (u[1] & 0xE6) != 0xE2)
        return NULL;
    unsigned version = u[1] >> 3 & 3, rate = u[2] >> 4, hertz = u[2] >> 2 & 3;

    if (version == 1 || rate == 0 || rate == 15 || hertz == 3)
        return NULL;
    bool one = version == 3;
    unsigned frequency = samples[hertz] >> (one ? 0 : version == 2 ? 1 : 2);
    size_t next = (one ? 144u : 72u) * rates[!one][rate] * 1000u / frequency + (u[2] >> 1 & 1);

    return next + 2 <= head.len && u[next] == 0xFF && (u[next + 1] & 0xFE) == (u[1] & 0xFE)
               ? "audio/mpeg"
               : NULL;
}

/* Windows icons and cursors: a directory of pictures, the first of which lies behind it. */
static bool is_icon(struct span head, int64_t size)
{
    const unsigned char *u = (const unsigned char *)head.at;

    if (head.len < 22 || u[0] || u[1] || (u[2] != 1 && u[2] != 2) || u[3] || u[4] == 0 || u[5] ||
        u[9])
        return false;
    uint64_t bytes = number32(head, 14, false), at = number32(head, 18, false);

    return at >= 6 + 16u * u[4] && bytes > 0 && (size < 0 || at + bytes <= (uint64_t)size);
}

/* PCX (ZSoft) and the binary forms of Netpbm: figures in text, then the picture. */
static const char *small_picture(struct span head, int64_t size)
{
    const unsigned char *u = (const unsigned char *)head.at;

    if (is_icon(head, size))
        return "image/vnd.microsoft.icon";
    if (head.len >= 128 && u[0] == 10 && u[1] <= 5 && u[2] == 1 &&
        (u[3] == 1 || u[3] == 2 || u[3] == 4 || u[3] == 8) && u[64] == 0)
        return "image/vnd.zbrush.pcx";
    if (head.len > 8 && u[0] == 'P' && u[1] >= '4' && u[1] <= '6' && u[2] == '\n' &&
        (u[3] == '#' || (u[3] >= '1' && u[3] <= '9')) && memchr(head.at, 0, head.len))
        return u[1] == '4'   ? "image/x-portable-bitmap"
               : u[1] == '5' ? "image/x-portable-graymap"
                             : "image/x-portable-pixmap";
    return NULL;
}

/* [MS-CFB]; a locked OOXML document ([MS-OFFCRYPTO] 2.3) has the stream EncryptedPackage. */
static const char *ole(struct span head)
{
    static const char encrypted[] = "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e";

    if (!has(head, 0, SPAN("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")))
        return NULL;
    if (memmem(head.at, head.len, encrypted, sizeof encrypted - 1))
        return "application/encrypted";
    return "application/x-ole-storage";
}

/* dBASE and FoxPro: a plausible date and header length behind a known version byte. */
static const char *dbase(struct span head, int64_t size)
{
    static const unsigned char versions[] = {0x02, 0x03, 0x04, 0x05, 0x30, 0x31, 0x32, 0x43,
                                             0x7B, 0x83, 0x8B, 0x8C, 0xCB, 0xE5, 0xF5, 0xFB};
    const unsigned char *u = (const unsigned char *)head.at;

    if (head.len < 66 || !memchr(versions, u[0], sizeof versions))
        return NULL;
    unsigned header = u[8] | (unsigned)u[9] << 8, record = u[10] | (unsigned)u[11] << 8;

    if (u[2] < 1 || u[2] > 12 || u[3] < 1 || u[3] > 31 || header < 65 || record < 2 ||
        (header <= head.len && u[header - 1] != 0x0D && u[header - 1] != 0 &&
         (header < 265 || u[header - 264] != 0x0D)))
        return NULL;
    uint64_t said = header + (uint64_t)record * number32(head, 4, false);

    if (size >= 0 && (said > (uint64_t)size + 512 || (uint64_t)size > said + 4096))
        return NULL;
    return u[32] >= 'A' && u[32] <= 'z' ? "application/x-dbf" : NULL;
}

static const char *structured(struct span head, int64_t size)
{
    const char *type;

    if (has(head, 0, SPAN("BZh")) && head.len > 10 && head.at[3] >= '1' && head.at[3] <= '9' &&
        (has(head, 4, SPAN("1AY&SY")) || has(head, 4, SPAN("\x17\x72\x45\x38\x50\x90"))))
        return "application/x-bzip2";
    /* LZMA alone: properties byte, a power-of-two dictionary, size unknown or plausible. */
    if (head.len > 13 && has(head, 0, SPAN("\x5D\0\0")) &&
        (has(head, 5, SPAN("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF")) || has(head, 10, SPAN("\0\0\0"))))
        return "application/x-lzma";
    if ((type = ole(head)) || (type = media_brand(head)) || (type = riff_form(head)) ||
        (type = mpeg_audio(head)) || (type = small_picture(head, size)))
        return type;
    if (has(head, 0, SPAN("\xCA\xFE\xBA\xBE")) && head.len >= 8)
        return number32(head, 4, true) < 32 ? "application/x-mach-binary" : "application/java-vm";
    if (has(head, 0, SPAN("MZ")) && head.len >= 64) {
        uint32_t at = number32(head, 60, false);

        return has(head, at, SPAN("PE\0\0")) ? "application/vnd.microsoft.portable-executable"
                                             : "application/x-dosexec";
    }
    if (has(head, 0, SPAN("BM")) && head.len >= 26 && number32(head, 6, false) == 0 &&
        number32(head, 14, false) <= 124)
        return "image/bmp";
    if (head.len >= 1082 && has(head, 1080, SPAN("\x53\xEF")) && number32(head, 1024, false) != 0 &&
        number32(head, 1048, false) <= 6)
        return "application/x-ext-image";
    if (is_cpio(head))
        return "application/x-cpio";
    if (has(head, 2, SPAN("-l")) && head.len > 21 && head.at[6] == '-' &&
        (unsigned char)head.at[20] <= 3)
        return "application/x-lha";
    if (is_tar(head))
        return "application/x-tar";
    return dbase(head, size);
}

const char *sniff(struct span head, int64_t size)
{
    const char *type;

    if (head.len == 0)
        return NULL;
    for (size_t i = 0; i < sizeof signatures / sizeof *signatures; i++) {
        const struct signature *s = &signatures[i];

        if (s->at < head.len && head.at[s->at] == s->bytes.at[0] && has(head, s->at, s->bytes) &&
            is_beside_text(head, s))
            return s->type;
    }
    type = structured(head, size);
    if (type)
        return type;
    type = sniff_markup(head);
    if (type)
        return type;
    type = sniff_mail(head);
    if (type)
        return type;
    /* Readers accept a PDF whose mark stands anywhere in the first 1,024 bytes (Adobe's
     * implementation note 13 to PDF 1.7). */
    size_t start = head.len < 1024 ? head.len : 1024;

    for (const char *p = head.at; (p = memchr(p, '%', start - (size_t)(p - head.at))); p++) {
        if (has(head, (size_t)(p - head.at), SPAN("%PDF-")))
            return "application/pdf";
    }
    /* A partition table, last of all: many boot sectors are something better known. */
    if (has(head, 510, SPAN("\x55\xAA")) && size > 0 && size % 512 == 0 &&
        ((unsigned char)head.at[446] & 0x7F) == 0)
        return "application/x-raw-disk-image";
    return NULL;
}

/* --- libmagic ----------------------------------------------------------------------------------
 */

static const char unknown[] = "application/octet-stream";

/* The one thing here that is not constant: written once, by sniff_prepare, before any read. */
static magic_t cookie;

static void close_cookie(magic_t *m)
{
    if (*m)
        magic_close(*m);
}

bool sniff_prepare(void)
{
    if (cookie)
        return true;
    /* What we decide ourselves, and what costs most (text: 1 ms a file), is left out. */
    __attribute__((cleanup(close_cookie))) magic_t m =
        magic_open(MAGIC_MIME_TYPE | MAGIC_NO_CHECK_TEXT | MAGIC_NO_CHECK_ENCODING |
                   MAGIC_NO_CHECK_TAR | MAGIC_NO_CHECK_CDF | MAGIC_NO_CHECK_COMPRESS |
                   MAGIC_NO_CHECK_TOKENS | MAGIC_NO_CHECK_CSV | MAGIC_NO_CHECK_JSON);

    if (!m || magic_load(m, NULL) != 0)
        return false;
    cookie = m;
    m = NULL;
    return true;
}

const char *sniff_unknown(struct span head)
{
    enum { JUDGED = 16 * 1024, LONGEST = 100 };

    if (!cookie || head.len < NAMED_FROM)
        return unknown;
    const char *type = magic_buffer(cookie, head.at, head.len < JUDGED ? head.len : JUDGED);

    if (!type || !strchr(type, '/') || strlen(type) > LONGEST ||
        type[strspn(type, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                          "0123456789/.+-_")] != '\0')
        return unknown;
    return type;
}
