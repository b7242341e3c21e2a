/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/* How many persons: the rules of docs/report.md, "How each figure is computed". */
#include "report/persons.h"

enum { ADULT = 18, SENIOR = 65, POSSIBLY_DECEASED = 106 };

__extension__ typedef unsigned __int128 wide;

static int age_on(uint32_t birth, uint32_t today)
{
    int years = (int)(today / 10000) - (int)(birth / 10000);

    return years - (today % 10000 < birth % 10000);
}

static int age_group(int age)
{
    return (age >= ADULT) + (age >= SENIOR) + (age >= POSSIBLY_DECEASED);
}

int facts_age(uint32_t birth, uint32_t today)
{
    uint32_t year = birth / 10000, month = birth / 100 % 100, day = birth % 100;
    uint32_t early = year * 10000 + (month ? month : 1) * 100 + (month && day ? day : 1);
    uint32_t late = year * 10000 + (month ? month : 12) * 100 + (month && day ? day : 31);

    if (year == 0 || early > today)
        return -1;
    if (late > today)
        late = today;
    int oldest = age_on(early, today), youngest = age_on(late, today);

    return age_group(oldest) == age_group(youngest) ? youngest : -1;
}

static void add_age(struct person_counts *p, uint32_t birth)
{
    int age = facts_age(birth, p->ages_on);

    if (age < 0)
        p->unknown_birth++;
    else if (age < ADULT)
        p->minors++;
    else if (age < SENIOR)
        p->adults++;
    else if (age < POSSIBLY_DECEASED)
        p->seniors++;
    else
        p->over_105++;
}

static void add_groups(struct person_counts *p, unsigned groups)
{
    for (unsigned i = 0; i < PERSON_GROUPS; i++)
        p->by_group[i] += groups >> i & 1;
    p->no_group += groups == 0;
}

void persons_add_number(struct facts *f, const struct case_keys *keys, const struct tally_entry *e)
{
    struct person_facts facts = {0, 0, false};

    add_groups(&f->persons, e->groups);
    if (!keys)
        return;
    if (e->flags & TALLY_HAS_FACTS)
        facts = facts_unpack(facts_mask(keys, tally_token(e), e->facts));
    f->persons.dated_numbers++;
    f->persons.bis += facts.bis;
    add_age(&f->persons, facts.birth);
}

void persons_add_name(struct facts *f, uint32_t birth, unsigned groups)
{
    add_groups(&f->persons, groups);
    if (birth == 0 || !f->persons.ages_known)
        return;
    f->persons.dated_names++;
    add_age(&f->persons, birth);
}

void persons_add_tie(struct facts *f, enum person_role role, unsigned flags)
{
    struct person_counts *p = &f->persons;

    if (role == ROLE_NONE)
        return;
    if (flags & TALLY_LINKED_ROW)
        p->tied_row++;
    else if (flags & TALLY_LINKED_FORM)
        p->tied_form++;
    else if (flags & TALLY_LINKED_DOCUMENT)
        p->tied_document++;
    p->shared += (flags & TALLY_SHARED) != 0;
}

/* Coincidences to expect: an unrelated string fails with probability 1 - p, so the failures alone
 * tell how many unrelated strings passed: failed x p / (1 - p).  Numbers that are real do not
 * inflate it, as candidates x p would.  Only bare digits that nothing speaks for are unrelated. */
static void expect_coincidences(struct chance_facts *c, const struct kind_facts *kind)
{
    uint64_t failed =
        c->unsupported > c->unsupported_passed ? c->unsupported - c->unsupported_passed : 0;

    if (kind->chance_known && kind->chance_billion < 1000000000)
        c->expected_milli = (uint64_t)((wide)failed * kind->chance_billion * 1000 /
                                       (1000000000 - kind->chance_billion));
}

/* Most coincidences were refused or end as low; what is expected beyond those passes that are
 * neither of high nor of medium confidence is taken off the medium ones.  In thousandths. */
static uint64_t coincidences_beyond(const struct kind_facts *kind)
{
    const struct chance_facts *c = &kind->chance;
    uint64_t weak = c->passed > kind->firm ? c->passed - kind->firm : 0;

    if (weak > c->expected_milli / 1000)
        return 0;
    return c->expected_milli - weak * 1000;
}

static uint64_t sum_of(const uint64_t by[4])
{
    return by[CONFIDENCE_LOW] + by[CONFIDENCE_MEDIUM] + by[CONFIDENCE_HIGH];
}

void persons_count(struct facts *f)
{
    struct person_counts *p = &f->persons;
    uint64_t beyond_milli = 0;

    for (unsigned i = 0; i < f->n_kinds; i++) {
        expect_coincidences(&f->kinds[i].chance, &f->kinds[i]);
        for (unsigned r = 0; r < f->n_roots; r++)
            expect_coincidences(&f->roots[r].chance[i], &f->kinds[i]);
    }
    p->expected_known = true;
    for (unsigned i = 0; i < f->n_kinds; i++) {
        const struct kind_facts *kind = &f->kinds[i];

        switch (kind->about.role) {
        case ROLE_NUMBER:
            for (unsigned c = CONFIDENCE_LOW; c <= CONFIDENCE_HIGH; c++)
                p->numbers[c] += kind->distinct[c];
            p->expected_milli += kind->chance.expected_milli;
            beyond_milli += coincidences_beyond(kind);
            p->expected_known &= kind->chance_known;
            break;
        case ROLE_DOCUMENT:
            p->documents_alone +=
                kind->unlinked[CONFIDENCE_MEDIUM] + kind->unlinked[CONFIDENCE_HIGH];
            p->hints += kind->unlinked[CONFIDENCE_LOW];
            break;
        case ROLE_HINT:
            p->hints += sum_of(kind->unlinked);
            break;
        case ROLE_NONE:
        case ROLE_NAME:
        case ROLE_BIRTH:
        case ROLE_ADDRESS:
            break;
        }
    }
    uint64_t beyond = p->expected_known ? (beyond_milli + 500) / 1000 : 0;
    const struct known_by_name *named = &p->by_name;

    p->coincidences =
        beyond < p->numbers[CONFIDENCE_MEDIUM] ? beyond : p->numbers[CONFIDENCE_MEDIUM];
    p->at_least = p->numbers[CONFIDENCE_HIGH];
    p->about = p->at_least + p->numbers[CONFIDENCE_MEDIUM] - p->coincidences + named->by_birth +
               named->by_address + p->documents_alone;
    p->at_most = p->about + p->coincidences + p->numbers[CONFIDENCE_LOW] + named->perhaps +
                 named->names + p->hints;
}

uint64_t facts_round_up(uint64_t n)
{
    uint64_t step = n < 100 ? 1 : n < 1000 ? 10 : n < 10000 ? 50 : 100;

    return n > UINT64_MAX - step ? n : (n + step - 1) / step * step;
}
