// The style sheet of the report.
import { COLOURS } from './style-colours.js';
import { PARTS } from './style-parts.js';

/** Text and layout: one column of text, a list of contents beside it where there is room. */
const LAYOUT = `
*,*::before,*::after{box-sizing:border-box}
html{background:var(--page);color:var(--ink);-webkit-text-size-adjust:100%;text-size-adjust:100%;scroll-behavior:smooth}
body{margin:0;font:16px/1.55 ui-sans-serif,system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,"Noto Sans",sans-serif;
font-variant-numeric:tabular-nums}
.page{max-width:66rem;margin:0 auto;padding:2.5rem 1.25rem 4rem}
main{max-width:50rem;min-width:0}
@media (min-width:72rem){.page{display:grid;grid-template-columns:11.5rem minmax(0,50rem);column-gap:3.5rem;max-width:68rem}}
nav{font-size:.875rem}
nav ol{list-style:none;margin:0;padding:0}
nav a{color:var(--soft);text-decoration:none}
nav a:hover,nav a:focus-visible{color:var(--ink);text-decoration:underline}
@media (min-width:72rem){nav{position:sticky;top:2.5rem;align-self:start;border-top:2px solid var(--ink);padding-top:.75rem}
nav li{margin:0 0 .45rem}}
@media (max-width:71.99rem){nav ol{display:flex;flex-wrap:wrap;gap:.25rem 1rem;margin-bottom:2rem;padding-bottom:1rem;
border-bottom:1px solid var(--rule)}}
h1{font-size:clamp(1.6rem,1.2rem + 2vw,2.3rem);line-height:1.18;letter-spacing:-.018em;font-weight:680;margin:.35rem 0 1.4rem;
text-wrap:balance;overflow-wrap:anywhere}
h2{font-size:1.4rem;line-height:1.25;letter-spacing:-.012em;font-weight:660;margin:0 0 .75rem}
h3{font-size:1rem;line-height:1.35;font-weight:640;margin:0 0 .5rem}
section{margin:0 0 3.75rem}
section>h2{border-top:2px solid var(--ink);padding-top:.85rem}
p{margin:0 0 1rem}
p,li,dd,figcaption{max-width:44rem;overflow-wrap:break-word}
a{color:var(--s0)}
code{font:.9em/1.4 ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;overflow-wrap:anywhere}
small{font-size:.8125rem;color:var(--soft)}
.eyebrow{color:var(--soft);font-size:.875rem;margin:0;overflow-wrap:anywhere}
.pages{font-size:.875rem;color:var(--soft)}
.lead{color:var(--soft);margin-bottom:1.4rem}
.lead strong{color:var(--ink)}
.scope,.notes,footer{color:var(--soft);font-size:.875rem}
.absent{border-left:3px solid var(--rule);padding:.35rem 0 .35rem .9rem;color:var(--soft)}
ul.notes{padding-left:1.1rem;margin:1.25rem 0}
ul.notes li{margin-bottom:.35rem}
footer{border-top:1px solid var(--rule);padding-top:1rem}
:focus-visible{outline:2px solid var(--s0);outline-offset:2px}
.skip{position:absolute;left:-99rem}
.skip:focus{left:1rem;top:1rem;background:var(--page);padding:.5rem 1rem}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
`;

/** On paper: black on white, nothing folded away that would be missed, no figure torn in two. */
const PAPER = `
@media print{
@page{margin:16mm 14mm}
html{background:#fff;font-size:10.5pt}
body{font-size:10.5pt}
.page{display:block;max-width:none;padding:0}
main{max-width:none}
nav,.skip{display:none}
section{margin-bottom:2.2rem}
h2,h3,h4,.lead,.legend{break-after:avoid}
figcaption{break-before:avoid}
figure:not(#figure-forest),figure svg,.card,.lead,tr,.facts>div,.definitions>div{break-inside:avoid}
.scroll{overflow:visible}
thead{display:table-header-group}
details:not([open]){display:none}
a{color:inherit;text-decoration:none}
}
`;

const squeezed = (text: string): string => text.replace(/\n/g, '');

export const STYLE = squeezed(COLOURS + LAYOUT + PARTS + PAPER);
