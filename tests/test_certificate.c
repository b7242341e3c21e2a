/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/* links: extract base */
/* Certificates, signatures and keys: the samples of testdata/formats/certificate, cut and changed.
 */
#include "scanner/extract/der.h"
#include "tests/extract_samples.h"

#define HOLDER "serialNumber: 85073097754\n"

static void read_sample(const char *name, struct buf *ret)
{
    char path[512];

    snprintf(path, sizeof path, TESTDATA "/formats/certificate/%s", name);
    samples_read(path, ret);
}

static void samples_show_their_holders(void **state)
{
    static const struct {
        const char *name, *ledger;
        const char *texts[5]; /* '!': not there */
    } samples[] = {
        {"holder.der",
         ": read\n",
         {HOLDER "", "Issuer: Citizen CA\n", "Surname: Lef\xc3\xa8vre\nGiven name: Anne\n",
          "E-mail: anne@mail.example\n", "!201508"}},
        {"request.der", ": read\n", {HOLDER, "Given name: Anne\n"}},
        {"two.pem",
         ": read\n",
         {"friendlyName: two of them\n-----BEGIN CERTIFICATE-----\nMII",
          "-----END CERTIFICATE-----\n[record]Certificate\nIssuer: Citizen CA\n", HOLDER,
          "[record]some text between\n", "serialNumber: 62010198107\n"}},
        {"bare.txt", ": read\n", {HOLDER, "MII"}},
        {"chain.p7b", ": read\n", {"serialNumber: 62010198107\n"}},
        {"chain.pem", ": read\n", {"serialNumber: 62010198107\n", "BEGIN PKCS7"}},
        {"smime.p7s", ": read\n", {HOLDER}},
        {"smime.p7m", "content: read\n: read\n", {HOLDER, "Dossier 04022997825"}},
        {"streamed.p7m", "content: read\n: read\n", {HOLDER, "Dossier 04022997825"}},
        {"enveloped.p7m", ": encrypted encrypted\n", {"!Lef"}},
        {"store.p12", ": encrypted password\n", {"!Lef"}},
        {"locked-key.der", ": encrypted password\n", {"!Lef"}},
        {"natural-person.pem", ": read\n", {"serialNumber: 04022997825\n", "CN: Greta"}},
        {"signed.pdf", ": read\n", {HOLDER}},
    };

    (void)state;
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        AUTO_BUF struct buf bytes;
        struct recording r;

        read_sample(samples[i].name, &bytes);
        recording_init(&r);
        recording_run(&r, samples[i].name, buf_span(&bytes));
        if (strcmp(r.ledger.at, samples[i].ledger) != 0)
            fail_msg("%s ends %s", samples[i].name, r.ledger.at);
        for (size_t k = 0; k < 5 && samples[i].texts[k]; k++) {
            const char *text = samples[i].texts[k];
            bool wanted = *text != '!';

            if (recording_has(&r.text, wanted ? text : text + 1) != wanted)
                fail_msg("%s: %s", samples[i].name, text);
        }
        recording_release(&r);
    }
}

static void pieces_make_no_difference(void **state)
{
    (void)state;
    for (size_t step = 1; step < 200; step += 13) {
        AUTO_BUF struct buf bytes;
        struct recording r, whole;

        read_sample("two.pem", &bytes);
        recording_init(&whole);
        recording_run(&whole, "x", buf_span(&bytes));
        samples_in_pieces(&extract_certificate, buf_span(&bytes), step, &r);
        assert_true(span_equal(buf_span(&whole.text), buf_span(&r.text)));
        recording_release(&whole);
        recording_release(&r);
    }
}

/* Cut anywhere: never more than the truth, and the whole one is needed to show it. */
static void cut_anywhere(void **state)
{
    AUTO_BUF struct buf bytes;

    (void)state;
    read_sample("holder.der", &bytes);
    for (size_t n = 0; n <= bytes.len; n++) {
        AUTO_FREE char *copy = malloc(n + 1); /* a sanitizer sees the first byte too many */
        struct recording r;
        unsigned found = 0;

        assert_non_null(copy);
        memcpy(copy, bytes.at, n);
        recording_init(&r);
        recording_run(&r, "x", (struct span){copy, n});
        recording_release(&r);

        struct recording_level level = {.recording = &r};
        struct sink sink = {.ctx = &level, .text = recording_text, .mark = recording_mark};

        recording_init(&r);
        assert_true(der_say_certificates((struct span){copy, n}, &sink, &found));
        assert_int_equal(found, n == bytes.len);
        recording_release(&r);
    }
}

static void other_bytes_are_no_certificate(void **state)
{
    static const char *const texts[] = {"0 is a figure that many texts begin with", "MII is a word",
                                        "0\x82 and so on and on and on",
                                        "-----BEGIN PGP PUBLIC KEY BLOCK-----\nabc\n",
                                        "-----BEGIN OPENSSH PRIVATE KEY-----\nab\n"};

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_ptr_not_equal(samples_reader(span_of(texts[i]), "x.pem"), &extract_certificate);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(samples_show_their_holders),
        cmocka_unit_test(pieces_make_no_difference),
        cmocka_unit_test(cut_anywhere),
        cmocka_unit_test(other_bytes_are_no_certificate),
    };

    if (!extractors_prepare())
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
