// The colours of both themes. Series colours follow Okabe and Ito's set, which colour-blind readers can tell apart, each
// moved in lightness until it stands out 3 : 1 from its page; text stands out 4.5 : 1 or more. The ramp follows viridis.

const LIGHT = `--page:#ffffff;--panel:#f5f6f8;--ink:#15181d;--soft:#59626e;--rule:#dfe3e8;--shade:#15181d38;
--s0:#0063a6;--s1:#c24a00;--s2:#00795a;--s3:#a44a86;--s4:#8a6d00;--s5:#5b5fc7;
--r0:#b5c334;--r1:#5cb85c;--r2:#26917f;--r3:#2f6b8e;--r4:#443f83;--r5:#2d0945;
--good:#00694e;--good-tint:#e2f4ee;--bad:#a8321f;--bad-tint:#fbe9e5;--open:#59626e;--open-tint:#f0f2f5;`;

const DARK = `--page:#101317;--panel:#191d23;--ink:#e7eaee;--soft:#9ba5b2;--rule:#2b323b;--shade:#e7eaee40;
--s0:#5fb4ee;--s1:#ff9457;--s2:#3cc79b;--s3:#e79acb;--s4:#e0bb3f;--s5:#a3a6ff;
--r0:#4a4f9c;--r1:#3874a0;--r2:#2b958f;--r3:#48b877;--r4:#a4d73a;--r5:#fde725;
--good:#5fd3ae;--good-tint:#12302a;--bad:#ff9d8a;--bad-tint:#3a1d18;--open:#9ba5b2;--open-tint:#20262e;`;

export const COLOURS = `:root{color-scheme:light dark;${LIGHT}}
@media screen and (prefers-color-scheme:dark){:root{${DARK}}}
@media print{:root{color-scheme:light}}`;
