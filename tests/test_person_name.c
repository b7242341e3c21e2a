/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/* links: detectors */
/*
 * What labels say of names and addresses, and how the pieces of a record become one value.  What
 * is a name or an address in text: testdata/detectors/person-name.txt and address.txt.
 */
#include "detectors/address_parts.h"
#include "detectors/capitals.h"
#include "detectors/detector.h"
#include "detectors/person_label.h"
#include "detectors/person_name.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "detectors/family_names.inc"
#include "detectors/given_names.inc"
#include "detectors/not_names.inc"
#include "detectors/postal_codes.inc"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void sorted(const char (*table)[16], size_t n)
{
    for (size_t i = 0; i < n; i++) {
        assert_true(table[i][0] != '\0' && memchr(table[i], '\0', 16) != NULL);
        if (i > 0 && strcmp(table[i - 1], table[i]) >= 0)
            fail_msg("out of order: %s", table[i]);
        assert_true(capital_known(table, n, table[i]));
    }
}

static void test_tables(void **state)
{
    (void)state;
    sorted(given_names, COUNT(given_names));
    sorted(family_names, COUNT(family_names));
    sorted(not_names, COUNT(not_names));
    for (size_t i = 0; i < COUNT(postal_codes); i++) {
        const char *names = postal_codes[i].names;

        assert_in_range(postal_codes[i].code, 1000, 9992);
        assert_true(i == 0 || postal_codes[i - 1].code < postal_codes[i].code);
        assert_true(names[0] == '|' && names[strlen(names) - 1] == '|' && !strstr(names, "||"));
    }
    assert_true(place_agrees("6000", "CHARLEROI"));
    assert_true(place_agrees("1000", "BRUSSEL"));
    assert_false(place_agrees("6000", "GENT"));
    assert_false(place_agrees("6000", "CHARLE"));
    assert_false(place_agrees("6000", ""));
    assert_false(place_agrees("", "CHARLEROI"));
}

static void test_name_labels(void **state)
{
    static const struct {
        const char *label;
        enum name_role role;
        bool sure;
    } cases[] = {{"Nom", NAME_EITHER, true},
                 {"Nm", NAME_WHOLE, false},
                 {"TwnNm", NAME_NONE, true},
                 {"nom", NAME_EITHER, true},
                 {"Naam", NAME_EITHER, true},
                 {"name", NAME_EITHER, false},
                 {"Nom de famille", NAME_FAMILY, true},
                 {"nom_famille", NAME_FAMILY, true},
                 {"nomDeFamille", NAME_FAMILY, true},
                 {"last_name", NAME_FAMILY, true},
                 {"lastName", NAME_FAMILY, true},
                 {"LASTNAME", NAME_FAMILY, true},
                 {"Familienname", NAME_FAMILY, true},
                 {"Prénom(s)", NAME_GIVEN, true},
                 {"prenom_1", NAME_GIVEN, true},
                 {"firstName", NAME_GIVEN, true},
                 {"Vorname", NAME_GIVEN, true},
                 {"Nom et prénom", NAME_WHOLE, true},
                 {"Naam en voornaam", NAME_WHOLE, true},
                 {"Name, Vorname", NAME_WHOLE, true},
                 {"Last name, first name", NAME_WHOLE, true},
                 {"full_name", NAME_WHOLE, true},
                 {"nom complet", NAME_WHOLE, true},
                 {"Nom du demandeur", NAME_EITHER, true},
                 {"naamAanvrager", NAME_EITHER, true},
                 {"Demandeur", NAME_WHOLE, true},
                 {"Bénéficiaire", NAME_WHOLE, true},
                 {"Titulaire du compte", NAME_WHOLE, true},
                 {"Client", NAME_WHOLE, false},
                 {"given", NAME_GIVEN, false},
                 {"Nom XYZ", NAME_EITHER, false},
                 {"Nom de fichier", NAME_NONE, true},
                 {"fileName", NAME_NONE, true},
                 {"user_name", NAME_NONE, true},
                 {"Nom d'utilisateur", NAME_NONE, true},
                 {"Nom d\xE2\x80\x99h\xC3\xB4te", NAME_NONE, true},
                 {"Nom du service", NAME_NONE, true},
                 {"Lieu de naissance", NAME_NONE, true},
                 {"Patient ID", NAME_NONE, true},
                 {"Montant", NAME_NONE, true},
                 {"", NAME_NONE, true}};

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct name_label got = name_label_of(span_of(cases[i].label));

        if (got.role != cases[i].role || (got.role != NAME_NONE && got.sure != cases[i].sure))
            fail_msg("%s: role %d, sure %d", cases[i].label, got.role, got.sure);
    }
}

static void test_address_labels(void **state)
{
    static const struct {
        const char *label;
        enum address_label is;
    } cases[] = {{"Adresse", ADDRESS_WHOLE},
                 {"Adresse complète", ADDRESS_WHOLE},
                 {"postal_address", ADDRESS_WHOLE},
                 {"Domicile", ADDRESS_WHOLE},
                 {"Rue", ADDRESS_STREET},
                 {"Rue et numéro", ADDRESS_STREET},
                 {"streetName", ADDRESS_STREET},
                 {"StrtNm", ADDRESS_STREET},
                 {"BldgNb", ADDRESS_NUMBER},
                 {"PstCd", ADDRESS_CODE},
                 {"TwnNm", ADDRESS_PLACE},
                 {"AdrLine", ADDRESS_WHOLE},
                 {"Straße", ADDRESS_STREET},
                 {"huisnummer", ADDRESS_NUMBER},
                 {"house_number", ADDRESS_NUMBER},
                 {"Numéro de maison", ADDRESS_NUMBER},
                 {"busnummer", ADDRESS_BOX},
                 {"Boîte", ADDRESS_BOX},
                 {"Code postal", ADDRESS_CODE},
                 {"postalCode", ADDRESS_CODE},
                 {"PLZ", ADDRESS_CODE},
                 {"Localité", ADDRESS_PLACE},
                 {"Gemeente", ADDRESS_PLACE},
                 {"CP et localité", ADDRESS_WHOLE},
                 {"Adresse e-mail", ADDRESS_NONE},
                 {"ip_address", ADDRESS_NONE},
                 {"Lieu de naissance", ADDRESS_NONE},
                 {"Nom", ADDRESS_NONE}};

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        if (address_label_of(span_of(cases[i].label)) != cases[i].is)
            fail_msg("%s: %d", cases[i].label, address_label_of(span_of(cases[i].label)));
}

struct piece {
    const char *label, *value;
};

/* Asks for each field, joins what came as pieces; the value, "-" if none. */
static const char *joined(const struct detector *d, const struct piece *fields, unsigned n,
                          struct match *ret)
{
    struct match matches[5] = {0};
    const struct match *pieces[5];
    unsigned n_pieces = 0;

    for (unsigned i = 0; i < n; i++) {
        struct candidate c = {.window = span_of(fields[i].value),
                              .len = strlen(fields[i].value),
                              .label = span_of(fields[i].label),
                              .today = 20261123,
                              .woken_by = ANCHOR_FIELD};

        matches[i] = (struct match){.start = 0, .len = c.len};
        if (d->check(&c, &matches[i]) != VERDICT_PASS)
            continue;
        assert_int_not_equal(matches[i].part, 0);
        pieces[n_pieces++] = &matches[i];
    }
    *ret = (struct match){0};
    if (n_pieces == 0 || d->join(pieces, n_pieces, ret) != VERDICT_PASS)
        return "-";
    assert_int_equal(ret->part, 0);
    assert_int_equal(strlen(ret->value), ret->value_len);
    return ret->value;
}

#define JOINED(detector, expected, formed, ...)                                                    \
    do {                                                                                           \
        const struct piece fields[] = {__VA_ARGS__};                                               \
        struct match match;                                                                        \
                                                                                                   \
        assert_string_equal(joined(&(detector), fields, COUNT(fields), &match), expected);         \
        assert_int_equal(match.form, formed);                                                      \
    } while (0)

static void test_names_join(void **state)
{
    (void)state;
    JOINED(detect_person_name, "DUPONT JEAN", FORM_WRITTEN, {"nom", "Dupont"}, {"prenom", "Jean"});
    JOINED(detect_person_name, "DUPONT JEAN", FORM_WRITTEN, {"firstName", "JEAN"},
           {"lastName", "DUPONT"});
    JOINED(detect_person_name, "BERGHE DEN LIEVE VAN", FORM_WRITTEN, {"Naam", "Van den Berghe"},
           {"Voornaam", "Lieve"});
    JOINED(detect_person_name, "LAMBERT LUC SIMON", FORM_WRITTEN, {"Nom", "Simon-Lambert"},
           {"Prénom", "Luc"});
    /* the whole stands in one, its given name in the other, too */
    JOINED(detect_person_name, "LAMBERT SIMON", FORM_WRITTEN, {"Nom", "Lambert Simon"},
           {"Prénom", "Simon"});
    /* not known, and yet a column for nothing else */
    JOINED(detect_person_name, "XHIGNEZ ZBYGNA", FORM_GROUPED, {"Achternaam", "Xhignez"},
           {"Voornaam", "Zbygna"});
    JOINED(detect_person_name, "DUPONT", FORM_GROUPED, {"Nom", "Dupont"});
    JOINED(detect_person_name, "MARIE", FORM_GROUPED, {"Prénom", "Marie"});
    /* a name of anything */
    JOINED(detect_person_name, "-", FORM_BARE, {"name", "Zbygna"});
    JOINED(detect_person_name, "RADERMECKER URSULA", FORM_WRITTEN, {"Name", "Radermecker"},
           {"Vorname", "Ursula"});
    JOINED(detect_person_name, "-", FORM_BARE, {"last_name", "Doe"}, {"first_name", "John"});
}

static void test_addresses_join(void **state)
{
    (void)state;
    JOINED(detect_address, "RUE DE LA GARE 12 BTE 3 6000 CHARLEROI", FORM_WRITTEN,
           {"rue", "rue de la Gare"}, {"huisnummer", "12"}, {"boite", "3"}, {"cp", "6000"},
           {"ville", "Charleroi"});
    JOINED(detect_address, "KERKSTRAAT 12 9000 GENT", FORM_WRITTEN, {"straat", "Kerkstraat 12"},
           {"postcode", "9000"}, {"gemeente", "Gent"});
    JOINED(detect_address, "VOGELZANG 12 9000 GENT", FORM_WRITTEN, {"street", "Vogelzang"},
           {"houseNumber", "12"}, {"zip", "9000.0"}, {"city", "Gent"});
    JOINED(detect_address, "VOGELZANG 5 59000 LILLE", FORM_GROUPED, {"street", "Vogelzang"},
           {"house number", "5"}, {"zip", "59000"}, {"city", "Lille"});
    JOINED(detect_address, "KERKSTRAAT 12", FORM_BARE, {"straat", "Kerkstraat"}, {"huisnr", "12"});
    JOINED(detect_address, "-", FORM_BARE, {"straat", "Kerkstraat"});
    JOINED(detect_address, "-", FORM_BARE, {"postcode", "9000"}, {"gemeente", "Gent"});
}

static void test_name_value(void **state)
{
    char value[64], small[8];

    (void)state;
    assert_int_equal(person_name_value(SPAN("DUPONT<<JEAN<MARIE<<<<"), value, sizeof(value)), 17);
    assert_string_equal(value, "DUPONT JEAN MARIE");
    assert_int_equal(person_name_value(SPAN("Łukasz d’Hondt-Müller"), value, sizeof(value)), 21);
    assert_string_equal(value, "D'HONDT LUKASZ MULLER");
    assert_int_equal(person_name_value(SPAN("<<<"), value, sizeof(value)), 0);
    assert_int_equal(person_name_value(SPAN("DUPONT JEAN"), small, sizeof(small)), 0);
}

/* Bytes that are no text, and values cut anywhere, are read without a step outside. */
static void test_hostile(void **state)
{
    static const char bytes[] =
        "Nom : J\xC3\xA9r\xC3 \xE2\x80 Dup\xFFont,\xF0\x9F\x98\x80 rue de l\x80"
        "Gare 12 b\xC3\xAEte 3, 6000 Li\xC3\xA8ge\n'\xE2 9000 \xC3\x89h";
    static const unsigned anchors[] = {ANCHOR_FIELD, ANCHOR_WORD, ANCHOR_BESIDE, ANCHOR_POSTCODE};
    static const struct detector *const both[] = {&detect_person_name, &detect_address};

    (void)state;
    for (size_t from = 0; from < sizeof(bytes) - 1; from++)
        for (size_t to = from + 1; to < sizeof(bytes); to++)
            for (size_t k = 0; k < COUNT(anchors) * 2; k++) {
                /* to the byte, so that reading past it is seen */
                char *copy = malloc(to - from);
                struct match match = {.len = to - from};

                memcpy(copy, bytes + from, to - from);
                struct candidate c = {.window = {copy, to - from},
                                      .len = to - from,
                                      .label = {copy, to - from < 5 ? to - from : 5},
                                      .woken_by = anchors[k / 2]};

                if (both[k % 2]->check(&c, &match) == VERDICT_PASS)
                    assert_true(match.len > 0 && match.start + match.len <= to - from &&
                                match.value_len > 0);
                free(copy);
            }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tables),         cmocka_unit_test(test_name_labels),
        cmocka_unit_test(test_address_labels), cmocka_unit_test(test_names_join),
        cmocka_unit_test(test_addresses_join), cmocka_unit_test(test_name_value),
        cmocka_unit_test(test_hostile),
    };

    return cmocka_run_group_tests_name("names and addresses", tests, NULL, NULL);
}
