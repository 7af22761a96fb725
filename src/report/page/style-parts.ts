// How the parts of the report look: verdict cards, tables, figures, facts.

const VERDICT = `
.card{border-radius:10px;padding:1.15rem 1.35rem 1.2rem;margin:0 0 1rem;background:var(--open-tint);color:var(--open);
display:grid;grid-template-columns:minmax(11rem,16rem) minmax(0,1fr);gap:.75rem 2rem}
@media (max-width:38rem){.card{grid-template-columns:minmax(0,1fr)}}
.card.better{background:var(--good-tint);color:var(--good)}
.card.worse{background:var(--bad-tint);color:var(--bad)}
.card p{margin:0}
.card .word{font-weight:660}
.card .delta{font-size:2.15rem;line-height:1.2;font-weight:680;letter-spacing:-.02em;color:var(--ink);white-space:nowrap}
.card .delta span{font-size:1rem;font-weight:500;letter-spacing:0;color:var(--soft)}
.card .interval{font-size:.875rem;color:var(--ink)}
.card svg{display:block;width:100%;max-width:16rem;height:auto;margin-top:.5rem}
.card .words{color:var(--ink)}
.card .against{font-weight:660;overflow-wrap:anywhere;margin-bottom:.3rem}
.card .words p+p+p{font-size:.875rem;color:var(--soft);margin-top:.5rem}
ul.findings{padding-left:1.1rem;margin:1.5rem 0 1.25rem}
ul.findings li{margin-bottom:.4rem}
.tag{white-space:nowrap;color:var(--open);font-size:.875rem}
.tag.better{color:var(--good)}
.tag.worse{color:var(--bad)}
`;

const TABLES = `
.scroll{overflow-x:auto;margin:0 0 1.6rem;max-width:100%;
background:linear-gradient(to right,var(--page) 30%,transparent) 0 0/2.5rem 100% no-repeat local,
linear-gradient(to left,var(--page) 30%,transparent) 100% 0/2.5rem 100% no-repeat local,
linear-gradient(to right,var(--shade),transparent) 0 0/.9rem 100% no-repeat scroll,
linear-gradient(to left,var(--shade),transparent) 100% 0/.9rem 100% no-repeat scroll}
table{border-collapse:collapse;font-size:.875rem;line-height:1.4;width:100%}
th,td{text-align:left;font-weight:400;padding:.42rem .7rem .42rem 0;border-bottom:1px solid var(--rule);vertical-align:top}
th:last-child,td:last-child{padding-right:0}
thead th{color:var(--soft);border-bottom:1px solid var(--soft);vertical-align:bottom;font-size:.8125rem}
.n{text-align:right;white-space:nowrap}
thead .n{white-space:normal}
td small,th small{display:block;white-space:nowrap;font-size:.75rem}
small.why{white-space:normal;min-width:12rem}
tbody th code{white-space:nowrap}
.sub{padding-left:1rem;color:var(--soft)}
.line{display:block}
@media screen and (max-width:38rem){tbody th[scope=row],thead th:first-child{position:sticky;left:0;background:var(--page)}}
tr.strong th,tr.strong td{font-weight:660}
tr.strong small{font-weight:400}
tr.group th{font-weight:640;border-bottom-color:var(--rule);padding-top:1.1rem}
tbody tr.group:first-child th{padding-top:.6rem}
td code,th code{font-size:.8125rem;overflow-wrap:break-word}
.n+:not(.n){padding-left:.6rem}
`;

const FIGURES = `
figure{margin:0 0 2rem;min-width:0}
figure svg{display:block;width:100%;height:auto;overflow:visible;
font-family:ui-sans-serif,system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,"Noto Sans",sans-serif}
figure svg text{white-space:pre}
figcaption{color:var(--soft);font-size:.875rem;margin-top:.35rem}
.legend{list-style:none;display:inline-flex;flex-wrap:wrap;gap:.2rem 1.1rem;margin:0 2rem .5rem 0;padding:0;font-size:.875rem}
.legend li{display:flex;align-items:center;gap:.4rem;min-width:0;overflow-wrap:anywhere}
.legend+.legend{color:var(--soft)}
figure .legend svg{width:auto;flex:none}
h4{font-size:.875rem;font-weight:500;color:var(--soft);margin:.9rem 0 .3rem}
.grid{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,21rem),1fr));gap:.5rem 2rem}
.grid>figure:only-child{max-width:26rem}
.narrow{display:none}
@media screen and (max-width:38rem){.wide{display:none}.narrow{display:block}}
details{margin:0 0 1.6rem}
summary{cursor:pointer;color:var(--soft);font-size:.875rem}
summary:hover{color:var(--ink)}
details[open]>summary{margin-bottom:.8rem}
`;

const FACTS = `
dl{margin:0}
.facts>div{display:grid;grid-template-columns:minmax(5.5rem,8rem) minmax(0,1fr);gap:1rem;padding:.35rem 0;border-bottom:1px solid var(--rule)}
.facts dt,.definitions dt{color:var(--soft);font-size:.875rem}
.facts dd{margin:0;font-size:.875rem;overflow-wrap:anywhere}
.definitions>div{padding:.5rem 0;border-bottom:1px solid var(--rule)}
.definitions dt{color:var(--ink);font-weight:640}
.definitions dd{margin:0;font-size:.875rem;color:var(--soft)}
`;

export const PARTS = VERDICT + TABLES + FIGURES + FACTS;
