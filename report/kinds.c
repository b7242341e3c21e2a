/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * The kinds of docs/detection.md and the category keys that the notification forms ask for: each
 * key answers one choice of the supervisory authorities' list of kinds of data.
 */
#include "report/kinds.h"

#include <string.h>

static const struct kind_words kinds[] = {
    {"be-nrn", "nrn", ROLE_NUMBER, W_kind_be_nrn},
    {"iban", "financial", ROLE_HINT, W_kind_iban},
    {"be-bban", "financial", ROLE_HINT, W_kind_be_bban},
    {"be-eid-card", "identity_document", ROLE_HINT, W_kind_be_eid_card},
    {"mrz", "identity_document", ROLE_DOCUMENT, W_kind_mrz},
    {"passport", "identity_document", ROLE_HINT, W_kind_passport},
    {"residence-card", "identity_document", ROLE_HINT, W_kind_residence_card},
    {"driving-licence", "identity_document", ROLE_HINT, W_kind_driving_licence},
    {"payment-card", "payment_means", ROLE_HINT, W_kind_payment_card},
    {"email", "contact", ROLE_HINT, W_kind_email},
    {"phone", "contact", ROLE_HINT, W_kind_phone},
    {"address", "contact", ROLE_ADDRESS, W_kind_address},
    {"person-name", "identity_basic", ROLE_NAME, W_kind_person_name},
    {"birth-date", "identity_basic", ROLE_BIRTH, W_kind_birth_date},
    {"be-inami", "identity_basic", ROLE_HINT, W_kind_be_inami},
    {"vehicle-plate", "identity_basic", ROLE_HINT, W_kind_vehicle_plate},
    {"credential", "credentials", ROLE_NONE, W_kind_credential},
};

const struct category_words categories[] = {
    {"nrn", W_cat_nrn, ARTICLE_NONE, W_cat_nrn, W_cat_nrn},
    {"identity_document", W_cat_identity_document, ARTICLE_NONE, W_terms_identity_document,
     W_short_identity_document},
    {"identity_basic", W_cat_identity_basic, ARTICLE_NONE, W_cat_identity_basic,
     W_cat_identity_basic},
    {"contact", W_cat_contact, ARTICLE_NONE, W_cat_contact, W_cat_contact},
    {"financial", W_cat_financial, ARTICLE_NONE, W_cat_financial, W_cat_financial},
    {"payment_means", W_cat_payment_means, ARTICLE_NONE, W_cat_payment_means, W_cat_payment_means},
    {"credentials", W_cat_credentials, ARTICLE_NONE, W_terms_credentials, W_short_credentials},
    {"social_aid", W_cat_social_aid, ARTICLE_NONE, W_cat_social_aid, W_short_social_aid},
    {"financial_distress", W_cat_financial_distress, ARTICLE_NONE, W_cat_financial_distress,
     W_short_financial_distress},
    {"housing", W_cat_housing, ARTICLE_NONE, W_cat_housing, W_short_housing},
    {"health", W_cat_health, ARTICLE_9, W_cat_health, W_short_health},
    {"origin_asylum", W_cat_origin_asylum, ARTICLE_9, W_cat_origin_asylum, W_short_origin_asylum},
    {"religion_belief", W_cat_religion_belief, ARTICLE_9, W_cat_religion_belief,
     W_short_religion_belief},
    {"political_opinion", W_cat_political_opinion, ARTICLE_9, W_cat_political_opinion,
     W_short_political_opinion},
    {"trade_union", W_cat_trade_union, ARTICLE_9, W_cat_trade_union, W_short_trade_union},
    {"sexual_life", W_cat_sexual_life, ARTICLE_9, W_cat_sexual_life, W_short_sexual_life},
    {"biometric_genetic", W_cat_biometric_genetic, ARTICLE_9, W_cat_biometric_genetic,
     W_short_biometric_genetic},
    {"criminal_judicial", W_cat_criminal_judicial, ARTICLE_10, W_cat_criminal_judicial,
     W_short_criminal_judicial},
    {"minors_child_protection", W_cat_minors_child_protection, ARTICLE_NONE,
     W_cat_minors_child_protection, W_short_minors_child_protection},
    {"vulnerable_adult", W_cat_vulnerable_adult, ARTICLE_NONE, W_cat_vulnerable_adult,
     W_short_vulnerable_adult},
    {"other", W_cat_other, ARTICLE_NONE, W_cat_other, W_cat_other},
};
const unsigned categories_count = sizeof categories / sizeof categories[0];

const struct group_words person_groups[PERSON_GROUPS] = {
    [GROUP_BENEFICIARIES] = {"beneficiaries", W_group_beneficiaries},
    [GROUP_STAFF] = {"staff", W_group_staff},
    [GROUP_RESIDENTS] = {"residents", W_group_residents},
    [GROUP_CHILDREN] = {"children", W_group_children},
    [GROUP_TENANTS] = {"tenants", W_group_tenants},
    [GROUP_COUNCILLORS] = {"councillors", W_group_councillors},
    [GROUP_VOLUNTEERS] = {"volunteers", W_group_volunteers},
    [GROUP_OTHERS] = {"others", W_group_others},
};

struct kind_words kind_words(const char *kind)
{
    static const char prefix[] = "category:";

    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (strcmp(kinds[i].kind, kind) == 0)
            return kinds[i];
    }
    if (strncmp(kind, prefix, sizeof prefix - 1) == 0) {
        unsigned at = category_index(kind + sizeof prefix - 1);

        return (struct kind_words){kind, categories[at].key, ROLE_NONE, categories[at].terms};
    }
    /* A kind without a line here: the maximum must hold whoever it may stand for. */
    return (struct kind_words){kind, "other", ROLE_HINT, W_COUNT};
}

unsigned category_index(const char *key)
{
    for (unsigned i = 0; i < categories_count; i++) {
        if (strcmp(categories[i].key, key) == 0)
            return i;
    }
    return categories_count - 1;
}
