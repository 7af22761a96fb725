// Names by which logs call their members, items, labels and times, and how well a column's name fits. Words joined by | are one.

const MEMBER = [
  'user|uid',
  'member',
  'customer',
  'reviewer',
  'visitor',
  'viewer',
  'reader',
  'listener',
  'shopper',
  'buyer',
  'guest',
  'patient',
  'student',
  'client',
  'account',
  'person',
  'player',
  'subscriber',
  'consumer',
  'entity',
  'household',
  'session',
  'cookie',
  'device',
];
const ITEM = [
  'item|iid',
  'parent asin',
  'asin',
  'isbn',
  'movie',
  'film',
  'video',
  'product',
  'article',
  'adgroup',
  'ad',
  'creative',
  'campaign',
  'track',
  'song',
  'artist',
  'book',
  'app',
  'news',
  'document',
  'doc',
  'page',
  'offer',
  'sku',
  'recipe',
  'game',
  'job',
  'business',
  'place',
  'content',
  'post',
  'listing',
  'hotel',
  'restaurant',
  'course',
  'episode',
];
const LABEL = [
  'click',
  'clk',
  'clicked',
  'label',
  'target',
  'is click',
  'rating',
  'book rating',
  'overall',
  'stars',
  'score',
  'like',
  'liked',
  'is like',
  'converted',
  'conversion',
  'purchased',
  'bought',
  'y',
];
const TIME = [
  'timestamp',
  'time',
  'ts',
  'time ms',
  'time stamp',
  'event time',
  'unix review time',
  'datetime',
  'date',
  'created at',
  'hour',
  'day',
  'rating timestamp',
];
/** Words of what happens after an exposure. */
const OUTCOME = [
  'play',
  'watch',
  'watched',
  'dwell',
  'stay',
  'like',
  'follow',
  'comment',
  'forward',
  'share',
  'hate',
  'long',
  'conversion',
  'converted',
  'cost',
  'price paid',
  'paid',
  'revenue',
  'nonclk',
  'click',
  'clk',
  'clicks',
  'purchase',
  'purchased',
  'order',
  'rating',
  'overall',
  'review',
  'helpful',
  'cnt',
  'attribution',
  'enter',
];

export const WORDS = { entity: MEMBER, item: ITEM, label: LABEL, timestamp: TIME } as const;
export type SniffedRole = keyof typeof WORDS;

/** The score of a name that is the role's own word, or more. */
export const OWN_NAME = 2;

/** Lower-case words of a name: `userId:token` → user id, `is_click` → is click. */
export function words(name: string): readonly string[] {
  return name
    .replace(/:(token|token_seq|float|float_seq)$/, '')
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}

/** Without what stands in brackets and numbers of its own: `Stars (1-5)` → stars. */
function plainWords(name: string): readonly string[] {
  const all = words(name.replace(/[([{].*$/, ''));
  const spoken = all.filter((word) => !/^\d+$/.test(word));
  return spoken.length > 0 ? spoken : words(name);
}

/** 3 for the role's own word (with or without "id"), less for later words of the list; 1 where it is among others; else 0. */
export function nameScore(name: string, role: SniffedRole): number {
  const list = WORDS[role];
  const own = plainWords(name);
  const whole = own.join(' ').replace(/ (id|no|nr|num|number|key|code|name)$/, '');
  const glued = own.join('').replace(/(id|no)$/, '');
  const forms = [own.join(' '), whole, own.join(''), glued];
  const at = list.findIndex((alike) => alike.split('|').some((word) => forms.includes(word)));
  if (at >= 0) return 3 - at / 100;
  return list.some((alike) => alike.split('|').some((word) => own.includes(word))) ? 1 : 0;
}

/** Whether a column sounds like something that is known only after the event. */
export function soundsLikeOutcome(name: string): boolean {
  return words(name).some((word) => OUTCOME.includes(word));
}
