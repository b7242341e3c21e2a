/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * Payment card: Luhn (ISO/IEC 7812-1) and the issuer ranges of the schemes with their lengths.
 * One random number of sixteen digits in ten passes Luhn, three in a hundred pass both, so bare
 * digits need a word.
 */
#include "detectors/checks.h"

/* A range of first digits, filled up to four, and the lengths it is issued in, as bits. */
struct issuer {
    uint16_t from, to;
    uint32_t lengths;
};

#define LEN(n)    (1u << (n))
#define LEN_16_19 (LEN(16) | LEN(17) | LEN(18) | LEN(19))
#define LEN_12_19 (LEN(12) | LEN(13) | LEN(14) | LEN(15) | LEN_16_19)

static const struct issuer issuers[] = {
    {4000, 4999, LEN(13) | LEN(16) | LEN(19)}, /* Visa: 4 */
    {5100, 5599, LEN(16)},                     /* Mastercard: 51 to 55 */
    {2221, 2720, LEN(16)},                     /* Mastercard */
    {3400, 3499, LEN(15)},                     /* American Express: 34 */
    {3700, 3799, LEN(15)},                     /* American Express: 37 */
    {3000, 3059, LEN(14)},                     /* Diners Club: 300 to 305 */
    {3095, 3095, LEN(14)},                     /* Diners Club */
    {3600, 3699, LEN(14)},                     /* Diners Club: 36 */
    {3800, 3999, LEN(14)},                     /* Diners Club: 38 and 39 */
    {6011, 6011, LEN_16_19},                   /* Discover */
    {6440, 6499, LEN_16_19},                   /* Discover: 644 to 649 */
    {6500, 6599, LEN_16_19},                   /* Discover: 65 */
    {3528, 3589, LEN_16_19},                   /* JCB */
    {6200, 6299, LEN_16_19},                   /* UnionPay, Discover 622126-622925: 62 */
    {8100, 8199, LEN_16_19},                   /* UnionPay: 81 */
    {5000, 5099, LEN_12_19},                   /* Maestro: 50 */
    {5600, 5899, LEN_12_19},                   /* Maestro: 56 to 58 */
    {6300, 6399, LEN_12_19},                   /* Maestro: 63 */
    {6700, 6799, LEN_12_19},                   /* Maestro: 67; 6703 Bancontact, 17 digits once */
};

static const char *const words[] = {"carte de credit",
                                    "carte bancaire",
                                    "carte de paiement",
                                    "carte de debit",
                                    "numero de carte",
                                    "n\xC2\xB0 de carte",
                                    "n\xC2\xB0 carte",
                                    "carte",
                                    "carte visa",
                                    "date d expiration",
                                    "cryptogramme",
                                    "titulaire de la carte",
                                    "kredietkaart",
                                    "betaalkaart",
                                    "bankkaart",
                                    "debetkaart",
                                    "kaart",
                                    "kaartnummer",
                                    "kaartnr",
                                    "vervaldatum",
                                    "kaarthouder",
                                    "kreditkarte",
                                    "kreditkartennummer",
                                    "bankkarte",
                                    "karte",
                                    "kartennummer",
                                    "karteninhaber",
                                    "prufnummer",
                                    "gultig bis",
                                    "credit card",
                                    "debit card",
                                    "payment card",
                                    "card number",
                                    "card no",
                                    "card",
                                    "cardholder",
                                    "card holder",
                                    "expiry date",
                                    "expires",
                                    "exp",
                                    "cvc",
                                    "cvv",
                                    "cvv2",
                                    "pan",
                                    "visa",
                                    "mastercard",
                                    "maestro",
                                    "bancontact",
                                    "mister cash",
                                    "american express",
                                    "amex",
                                    "diners",
                                    "diners club",
                                    "discover",
                                    "jcb",
                                    "unionpay",
                                    "mm/yy",
                                    "mm/aa",
                                    "mm/jj",
                                    "kredietkaartnr",
                                    "kredietkaart nr",
                                    "kredietkaartnummer",
                                    "bankkaartnummer",
                                    "bankkaartnr",
                                    "betaalkaartnummer",
                                    "debitkarte",
                                    "zahlkarte",
                                    "kreditkarten nr",
                                    "kreditkartennr",
                                    "visakaart",
                                    "carte bleue",
                                    "n\xC2\xB0 cb",
                                    "n\xC2\xB0 cc",
                                    "cc number",
                                    "cc no",
                                    "cc nr",
                                    "ccnr",
                                    "carte de banque",
                                    NULL};

static const char *const keys[] = {"card",
                                   "cardnumber",
                                   "card_number",
                                   "cardnr",
                                   "card_nr",
                                   "card_no",
                                   "cardno",
                                   "creditcard",
                                   "credit_card",
                                   "creditcardnumber",
                                   "credit_card_number",
                                   "ccnumber",
                                   "cc_number",
                                   "ccnum",
                                   "cc",
                                   "pan",
                                   "paymentcard",
                                   "payment_card",
                                   "carte",
                                   "carte_bancaire",
                                   "carte_credit",
                                   "cartebancaire",
                                   "numero_carte",
                                   "num_carte",
                                   "kredietkaart",
                                   "kredietkaartnummer",
                                   "kaart",
                                   "kaartnummer",
                                   "betaalkaart",
                                   "kreditkarte",
                                   "kreditkartennummer",
                                   "kartennummer",
                                   "num_cb",
                                   "cb",
                                   "ccnr",
                                   "cc_nr",
                                   NULL};

static const char *const against[] = {"imei",
                                      "iccid",
                                      "ean",
                                      "gtin",
                                      "barcode",
                                      "code-barres",
                                      "isbn",
                                      "tracking",
                                      "timestamp",
                                      "epoch",
                                      "build",
                                      "version",
                                      "hash",
                                      "uuid",
                                      "invoice",
                                      "facture",
                                      "factuur",
                                      "rechnung",
                                      "order",
                                      "commande",
                                      "bestelling",
                                      "meter",
                                      "compteur",
                                      "mededeling",
                                      "ogm",
                                      "vcs",
                                      "communication structuree",
                                      "serial number",
                                      "carte d identite",
                                      "identiteitskaart",
                                      "personalausweis",
                                      NULL};

static bool issued(const char *digits, unsigned n)
{
    unsigned prefix = (unsigned)digits_value(digits, 4);

    for (unsigned i = 0; i < sizeof issuers / sizeof *issuers; i++)
        if (prefix >= issuers[i].from && prefix <= issuers[i].to)
            return (issuers[i].lengths >> n) & 1u;
    return false;
}

static bool is_hex(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* "8E5F 5413 5414 ...": four characters of hex beside it, over one blank. */
static bool row_of_fours(const struct candidate *c)
{
    struct span w = c->window;
    size_t end = c->start + c->len;
    bool left = c->start >= 5 && w.at[c->start - 1] == ' ';
    bool right = w.len - end >= 5 && w.at[end] == ' ';

    for (unsigned i = 0; i < 4; i++) {
        left = left && is_hex(w.at[c->start - 5 + i]);
        right = right && is_hex(w.at[end + 1 + i]);
    }
    return left || right;
}

/* As printed on the card, with no row of numbers going on beside it.  To the right a month or a
 * security code may follow. */
static enum form form_of(const struct candidate *c)
{
    static const uint8_t printed[][6] = {
        {4, 4, 4, 4, 0}, {4, 4, 4, 4, 3, 0}, {4, 6, 5, 0}, {4, 6, 4, 0}};
    static const uint8_t seventeen[][6] = {{4, 4, 4, 5, 0}, {4, 4, 4, 4, 1, 0}};
    unsigned after = blank_joins_right(c);

    if (c->n_groups == 1 || blank_joins_left(c) || row_of_fours(c) ||
        (after != 0 && after != 2 && after != 3))
        return FORM_BARE;
    for (unsigned i = 0; i < sizeof printed / sizeof *printed; i++)
        if (groups_are(c, printed[i]))
            return FORM_GROUPED;
    /* Bancontact on old cards. */
    for (unsigned i = 0; i < 2 && memcmp(c->digits, "67", 2) == 0; i++)
        if (groups_are(c, seventeen[i]))
            return FORM_GROUPED;
    return FORM_BARE;
}

static enum verdict check(const struct candidate *c, struct match *ret)
{
    if (c->n < 12 || c->n > 19 || !issued(c->digits, c->n) || !separators_are(c, " -", 1))
        return VERDICT_NO;
    if (touched_left(c->window, c->start) || touched_right(c->window, c->start + c->len) ||
        inside_decimal(c) || chain_goes_on(c) || inside_uuid(c))
        return VERDICT_NO;
    if (!luhn(c->digits, c->n) || !set_value(ret, c->digits, c->n))
        return VERDICT_SHAPE;
    ret->form = form_of(c);
    return VERDICT_PASS;
}

const struct detector detect_payment_card = {
    .id = "payment_card",
    .kind = "payment-card",
    .version = 1,
    .anchors = ANCHOR_DIGITS,
    .digits_min = 12,
    .digits_max = 19,
    .longest = 80,
    .first_digits = 1 << 2 | 1 << 3 | 1 << 4 | 1 << 5 | 1 << 6 | 1 << 8,
    .precedence = {PRECEDENCE_OTHER, PRECEDENCE_CARD, PRECEDENCE_CARD},
    .alone = {CONFIDENCE_LOW, CONFIDENCE_HIGH, CONFIDENCE_HIGH},
    .normal = {CONFIDENCE_MEDIUM, CONFIDENCE_HIGH, CONFIDENCE_HIGH},
    .strong = {CONFIDENCE_HIGH, CONFIDENCE_HIGH, CONFIDENCE_HIGH},
    .chance = 0.1,
    .words = words,
    .keys = keys,
    .against = against,
    .of_person = true,
    .check = check,
};
