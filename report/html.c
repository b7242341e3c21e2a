/* SPDX-License-Identifier: EUPL-1.2 OR GPL-3.0-or-later */
/*
 * The frame of the document.  One file: style and script are inline, nothing is fetched, and a
 * policy in the head forbids it.  The script only sorts and filters tables; without it all reads.
 */
#include "report/html.h"

#include "report/svg.h"

static const char style[] =
    ":root{--ink:#1b1e21;--accent:#1d4e63;--line:#c9ced2;--soft:#f3f6f7}\n"
    "*{box-sizing:border-box}\n"
    "html{-webkit-text-size-adjust:100%}\n"
    "body{margin:0;color:var(--ink);background:#fff;font:16px/1.5 \"Segoe UI\",\"Noto Sans\","
    "\"Liberation Sans\",Arial,sans-serif;overflow-wrap:break-word;hyphens:auto}\n"
    ".sheet{max-width:64rem;margin:0 auto;padding:2.5rem 2rem 4rem}\n"
    "h1,h2,h3,.figure strong{font-family:Georgia,\"Noto Serif\",\"Liberation Serif\",serif;"
    "font-weight:normal;line-height:1.2}\n"
    "h1{font-size:2.5rem;margin:.2rem 0;color:var(--accent)}\n"
    "h2{font-size:1.65rem;margin:3rem 0 1rem;padding-bottom:.35rem;color:var(--accent);"
    "border-bottom:2px solid var(--accent)}\n"
    "h3{font-size:1.2rem;margin:1.8rem 0 .6rem}\n"
    "p{margin:.6rem 0;max-width:48rem}\n"
    "a{color:var(--accent)}\n"
    ".skip{position:absolute;left:-999rem}\n"
    ".skip:focus{left:1rem;top:1rem;background:#fff;padding:.5rem 1rem;z-index:1}\n"
    ".status{font-size:.85rem;letter-spacing:.06em;text-transform:uppercase;color:#6d2315;"
    "font-weight:600;margin:0}\n"
    ".subtitle{font-size:1.15rem;margin:.1rem 0 1rem}\n"
    ".lede{border-left:4px solid var(--accent);background:var(--soft);padding:.8rem 1.1rem;"
    "max-width:none}\n"
    ".caution{border-left:4px solid #a3461f;padding:.3rem 0 .3rem 1rem;max-width:none}\n"
    ".meta,.terms{display:grid;grid-template-columns:minmax(9rem,14rem) 1fr;gap:.3rem 1.2rem;"
    "margin:1rem 0}\n"
    ".meta dt,.terms dt{font-weight:600}.meta dd,.terms dd{margin:0;min-width:0}\n"
    ".terms dt::first-letter{text-transform:uppercase}\n"
    ".sum th::first-letter{text-transform:uppercase}\n"
    "nav ul{list-style:none;margin:0;padding:0;display:flex;flex-wrap:wrap;gap:.3rem 1.2rem}\n"
    "nav ol{columns:2;margin:.5rem 0;padding-left:1.4rem}\n"
    ".figures{display:grid;grid-template-columns:repeat(3,minmax(0,1fr));gap:1rem;margin:1rem 0}\n"
    ".figure{border:1px solid var(--line);border-top:4px solid var(--line);padding:.8rem 1rem}\n"
    ".figure.main{border-top-color:var(--accent);background:var(--soft)}\n"
    ".figure dt{font-weight:600}.figure dt::first-letter{text-transform:uppercase}\n"
    ".figure dd{margin:0}.figure strong{display:block;font-size:2.3rem;margin:.2rem 0;"
    "font-variant-numeric:tabular-nums lining-nums}\n"
    ".figure small{display:block;font-size:.85rem;line-height:1.4;color:#41474c}\n"
    ".wide{overflow-x:auto;margin:1.3rem 0 .6rem}\n"
    "table{border-collapse:collapse;width:100%;font-size:.92rem}\n"
    "caption{text-align:left;font-weight:600;padding:0 0 .45rem}\n"
    "th,td{padding:.4rem .6rem;border-bottom:1px solid var(--line);text-align:left;"
    "vertical-align:top}\n"
    "thead th{border-bottom:2px solid var(--accent);vertical-align:bottom;font-size:.85rem;"
    "hyphens:auto}\n"
    "tbody th{font-weight:normal;min-width:8rem}.sortable tbody th{min-width:11rem}\n"
    "td.n{white-space:nowrap}th.n,td.n{text-align:right;font-variant-numeric:tabular-nums "
    "lining-nums}\n"
    ".sum th,.sum td{font-weight:600;background:var(--soft)}\n"
    "thead [role=button]{cursor:pointer;"
    "text-align:inherit;text-decoration:underline dotted;text-underline-offset:3px}\n"
    ".filter{display:block;font-size:.9rem;margin:0 0 .5rem}.filter "
    "input{font:inherit;padding:.2rem .4rem;"
    "margin-left:.5rem;border:1px solid #757b80}\n"
    "code{font-family:\"Liberation "
    "Mono\",Consolas,monospace;font-size:.9em;hyphens:none}.plain{min-width:15rem}\n"
    ".note{font-size:.88rem;color:#41474c}.why{min-width:13rem}\n"
    ".plain{list-style:none;margin:0;padding:0}.plain li{margin-bottom:.2rem}\n"
    ".limits li{margin-bottom:.5rem;max-width:48rem}\n"
    "figure{margin:1rem 0}.chart{display:block;width:100%;height:auto}\n"
    ".chart text{font:13px \"Segoe UI\",\"Noto Sans\",\"Liberation Sans\",Arial,sans-serif;"
    "fill:#1b1e21}\n"
    ".key{list-style:none;margin:.5rem 0 0;padding:0;display:flex;flex-wrap:wrap;gap:.2rem 1.4rem;"
    "font-size:.88rem}\n"
    ".key span{display:inline-block;width:.9em;height:.9em;margin-right:.45em;border:1px solid "
    "#4a4f54;vertical-align:-.08em;-webkit-print-color-adjust:exact;print-color-adjust:exact}\n"
    ".k0{background:#1d4e63}.k1{background:#8fb3c2}.k2{background:repeating-linear-gradient(45deg,"
    "#4a4f54 0 2px,#fff 2px 4px)}.k3{background:#e3e6e8}\n"
    "@media(max-width:44rem){.figures{grid-template-columns:1fr}.meta,.terms{grid-template-columns:"
    "1fr}.meta dd,.terms dd{margin-bottom:.5rem}nav ol{columns:1}}\n";

static const char print_style[] =
    "@page{size:A4;margin:12mm 16mm 13mm}\n"
    "@media print{body{font-size:8.6pt;line-height:1.3}.sheet{max-width:none;padding:0}\n"
    ".skip,.filter,nav{display:none}h1{font-size:16pt}h2{font-size:14pt;margin:.7rem 0 .4rem}"
    "h3{font-size:11pt;margin:.5rem 0 .3rem}p{margin:.35rem 0}h2,h3,caption{break-after:avoid}\n"
    "section.chapter{break-before:page}section.follow,section[aria-labelledby=persons]{break-"
    "before:auto}\n"
    "thead{display:table-header-group;break-inside:avoid}tr,figure,.figure,li{break-inside:avoid}\n"
    ".wide{overflow:visible;margin:.9rem 0 .4rem}table{font-size:8.5pt}th,td{padding:.22rem "
    ".4rem}\n"
    "thead th{font-size:8pt}.figures{margin:.4rem 0}.figure strong{font-size:15pt}.figure "
    "small{font-size:7pt}\n"
    ".lede{padding:.3rem .8rem}.meta{margin:.4rem 0;gap:0 "
    "1.2rem}.subtitle{font-size:11pt;margin:0 "
    "0 .4rem}figure{margin:.4rem 0}.note{break-before:avoid}\n"
    "tbody th{min-width:24mm}.sortable tbody th{min-width:38mm}\n"
    ".note,.key{font-size:8.5pt}.plain{min-width:52mm}table:not(.sortable){break-inside:avoid}\n"
    ".first{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1.15fr);gap:0 6mm}\n"
    ".first .wide{margin:.4rem 0 .2rem}.first table{font-size:7.5pt}.first thead "
    "th{font-size:7pt}\n"
    ".first th,.first td{padding:.13rem .25rem}.first tbody th{min-width:0}\n"
    /* What the key figures mean is read on the screen; the first sheet has no room for it. */
    ".key-figures>.wide:first-child th:nth-child(3),.key-figures>.wide:first-child "
    "td:nth-child(3){display:none}\n"
    "header .note{font-size:7.5pt}.lede{font-size:8.2pt}.first .note{font-size:7.5pt;margin:.2rem "
    "0}\n"
    ".meta{grid-template-columns:auto 1fr auto 1fr}\n"
    ".key-figures tbody th{white-space:nowrap;overflow:hidden;text-overflow:ellipsis;max-width:0;"
    "width:100%}.first th.n{width:1%}\n"
    ".first+h3+.limits{font-size:8pt;margin:.2rem 0}.first+h3+.limits li{margin-bottom:.15rem}\n"
    "figure .key{font-size:7.4pt;gap:0 .9rem}\n"
    ".terms{break-inside:avoid}section[aria-labelledby=not_read] tbody th{min-width:18mm}"
    "section[aria-labelledby=kinds] td:nth-child(2):not(.n){min-width:27mm}"
    ".why{min-width:32mm}\n"
    ".figure{padding:.5rem .7rem}p{max-width:none;orphans:3;widows:3}.limits li{max-width:none}\n"
    ".lede,.figure.main,.sum th,.sum "
    "td{-webkit-print-color-adjust:exact;print-color-adjust:exact}\n"
    "a{color:inherit;text-decoration:none}thead [role=button]{text-decoration:none}}\n";

/* Sorting by a click on a column's head, filtering of long tables.  Adds what it needs itself. */
static const char script[] =
    "(function(){'use strict';var b=document.body;\n"
    "document.querySelectorAll('table.sortable').forEach(function(t){\n"
    "var body=t.tBodies[0];\n"
    "Array.prototype.forEach.call(t.tHead.rows[0].cells,function(h,i){\n"
    "var "
    "k=document.createElement('span');k.setAttribute('role','button');k.tabIndex=0;k.title=b."
    "dataset.sort;\n"
    "while(h.firstChild)k.appendChild(h.firstChild);h.appendChild(k);\n"
    "var sort=function(){\n"
    "var up=h.getAttribute('aria-sort')==='descending';\n"
    "Array.prototype.forEach.call(t.tHead.rows[0].cells,function(o){o.removeAttribute('aria-sort')}"
    ");\n"
    "h.setAttribute('aria-sort',up?'ascending':'descending');\n"
    "var rows=Array.prototype.slice.call(body.rows);\n"
    "rows.sort(function(x,y){var p=x.cells[i],q=y.cells[i],c;\n"
    "if(p.dataset.v!==undefined&&q.dataset.v!==undefined)c=Number(p.dataset.v)-Number(q.dataset.v);"
    "\n"
    "else c=p.textContent.localeCompare(q.textContent,document.documentElement.lang);\n"
    "return up?c:-c});\n"
    "rows.forEach(function(r){body.appendChild(r)})};\n"
    "k.addEventListener('click',sort);k.addEventListener('keydown',function(e){\n"
    "if(e.key==='Enter'||e.key===' '){e.preventDefault();sort()}})});\n"
    "if(body.rows.length>15){var "
    "l=document.createElement('label'),f=document.createElement('input');\n"
    "l.className='filter';l.textContent=b.dataset.filter;f.type='search';l.appendChild(f);\n"
    "t.parentNode.insertBefore(l,t);f.addEventListener('input',function(){\n"
    "var w=f.value.toLowerCase();Array.prototype.forEach.call(body.rows,function(r){\n"
    "r.hidden=r.textContent.toLowerCase().indexOf(w)<0})})}});})();\n";

static const struct {
    const char *id;
    enum word heading;
    void (*write)(struct page *p, const struct facts *f);
    bool follows;
} sections[] = {
#define SECTION(id, heading, follows) {#id, heading, section_##id, follows},
#include "report/sections.list"
#undef SECTION
};

enum { SECTIONS = sizeof sections / sizeof sections[0], ROOTS_SHOWN = 12 };

void heading(struct page *p, enum word w)
{
    page_markup(p, "<h3>");
    page_word(p, w);
    page_markup(p, "</h3>\n");
}

void put_kind(struct page *p, const struct kind_facts *kind)
{
    if (kind->about.word == W_COUNT)
        page_text(p, kind->name);
    else
        page_word(p, kind->about.word);
}

static void head(struct page *p)
{
    page_markup(p, "<!DOCTYPE html>\n<html lang=\"");
    page_markup(p, language_code(p->language));
    page_markup(p, "\">\n<head>\n<meta charset=\"utf-8\">\n"
                   "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                   "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                   "style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; "
                   "form-action 'none'\">\n"
                   "<meta name=\"referrer\" content=\"no-referrer\">\n"
                   "<meta name=\"robots\" content=\"noindex, nofollow\">\n<title>");
    page_word(p, W_title);
    page_text(p, " – constat");
    page_markup(p, "</title>\n<style>\n");
    page_markup(p, style);
    page_markup(p, print_style);
    page_markup(p, "</style>\n</head>\n<body data-sort=\"");
    page_word(p, W_sort_hint);
    page_markup(p, "\" data-filter=\"");
    page_word(p, W_filter);
    page_markup(p, "\">\n<a class=\"skip\" href=\"#summary\">");
    page_word(p, W_skip);
    page_markup(p, "</a>\n<div class=\"sheet\">\n");
    svg_patterns(p);
}

static void other_languages(struct page *p, const enum language *languages, unsigned n)
{
    if (n < 2)
        return;
    page_markup(p, "<nav aria-label=\"");
    page_word(p, W_languages);
    page_markup(p, "\"><ul>");
    for (unsigned i = 0; i < n; i++) {
        const char *code = language_code(languages[i]);

        if (languages[i] == p->language) {
            page_markup(p, "<li aria-current=\"page\"><strong>");
            page_text(p, language_name(languages[i]));
            page_markup(p, "</strong></li>");
            continue;
        }
        page_markup(p, "<li><a href=\"report.");
        page_markup(p, code);
        page_markup(p, ".html\" hreflang=\"");
        page_markup(p, code);
        page_markup(p, "\" lang=\"");
        page_markup(p, code);
        page_markup(p, "\">");
        page_text(p, language_name(languages[i]));
        page_markup(p, "</a></li>");
    }
    page_markup(p, "</ul></nav>\n");
}

static void media(struct page *p, const struct facts *f)
{
    for (unsigned i = 0; i < f->n_roots && i < ROOTS_SHOWN; i++) {
        if (i > 0)
            page_markup(p, ", ");
        page_name(p, span_of(f->roots[i].label));
    }
    if (f->n_roots > ROOTS_SHOWN) {
        page_markup(p, " ");
        SAY(p, W_more_media, NUMBER(f->n_roots - ROOTS_SHOWN));
    }
    if (f->n_roots == 0)
        page_word(p, W_unknown);
}

static void cover(struct page *p, const struct facts *f, const enum language *languages, unsigned n)
{
    page_markup(p, "<header>\n");
    other_languages(p, languages, n);
    page_markup(p, "<p class=\"status\">");
    page_word(p, W_status);
    page_markup(p, "</p>\n<h1>");
    page_word(p, W_title);
    page_markup(p, "</h1>\n<p class=\"subtitle\">");
    page_word(p, W_subtitle);
    page_markup(p, "</p>\n");
    note(p, W_status_for);
    page_markup(p, "<dl class=\"meta\"><dt>");
    page_word(p, W_reference_date);
    page_markup(p, "</dt><dd>");
    page_date(p, f->today);
    page_markup(p, "</dd><dt>");
    page_word(p, W_source_media);
    page_markup(p, "</dt><dd>");
    media(p, f);
    page_markup(p, "</dd></dl>\n<p class=\"lede\">");
    page_word(p, W_what_it_is);
    page_text(p, " ");
    page_word(p, W_no_values);
    page_markup(p, "</p>\n</header>\n");
}

static void contents(struct page *p)
{
    page_markup(p, "<nav aria-labelledby=\"contents\"><h2 id=\"contents\">");
    page_word(p, W_contents);
    page_markup(p, "</h2><ol>\n");
    for (unsigned i = 1; i < SECTIONS; i++) {
        page_markup(p, "<li><a href=\"#");
        page_markup(p, sections[i].id);
        page_markup(p, "\">");
        page_word(p, sections[i].heading);
        page_markup(p, "</a></li>\n");
    }
    page_markup(p, "<li><a href=\"#run\">");
    page_word(p, W_h_run);
    page_markup(p, "</a></li>\n</ol></nav>\n");
}

static void chapter(struct page *p, const struct facts *f, unsigned i)
{
    /* Short chapters follow on the same sheet when printed. */
    page_markup(p, sections[i].follows ? "<section class=\"chapter follow\" aria-labelledby=\""
                                       : "<section class=\"chapter\" aria-labelledby=\"");
    page_markup(p, sections[i].id);
    page_markup(p, "\">\n<h2 id=\"");
    page_markup(p, sections[i].id);
    page_markup(p, "\">");
    page_word(p, sections[i].heading);
    page_markup(p, "</h2>\n");
    sections[i].write(p, f);
    page_markup(p, "</section>\n");
}

int html_write(int fd, const struct facts *f, enum language l, const enum language *languages,
               unsigned n)
{
    struct page p;

    page_init(&p, fd, l);
    head(&p);
    cover(&p, f, languages, n);
    page_markup(&p, "<main>\n");
    for (unsigned i = 0; i < SECTIONS; i++) {
        chapter(&p, f, i);
        if (i == 0)
            contents(&p);
    }
    page_markup(&p, "<section aria-labelledby=\"run\">\n<h2 id=\"run\">");
    page_word(&p, W_h_run);
    page_markup(&p, "</h2>\n");
    note(&p, W_run_rule);
    page_markup(&p, "<!-- run block: begin -->\n");
    section_run(&p, f);
    page_markup(&p, "<!-- run block: end -->\n</section>\n</main>\n</div>\n<script>\n");
    page_markup(&p, script);
    page_markup(&p, "</script>\n</body>\n</html>\n");
    return page_finish(&p);
}
