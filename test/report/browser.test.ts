// The page as a reader sees it, in a real browser: nothing loaded, nothing refused, nothing cut off, no chart empty.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderReport } from '../../src/report/page/render-report.js';
import { type Browser, chromiumPath, openBrowser } from './chromium.js';
import { hostileReport } from './hostile-report.js';
import { brightness, crop, ink, type Picture, readPng } from './png.js';
import { simulatedReport, simulatedRun } from './simulated-report.js';

const program = chromiumPath();
if (program === undefined)
  console.warn(
    'SKIPPED: the report is not looked at, because there is no Chromium here. Install it, or name its program in CHROMIUM_PATH.',
  );

describe.skipIf(program === undefined)('a report in a browser', () => {
  let browser: Browser;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'limaml-report-'));
    browser = await openBrowser(program!);
  });
  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const long = 'a_feature_whose_name_is_far_longer_than_any_column_of_a_table_would_like';
  const values = ['north', 'a value with many words in it that goes on for longer than there is room'];
  const run = renderReport(
    simulatedReport('run', [simulatedRun({ feature: { name: long, values }, entities: 400 })]),
  );
  const experiment = renderReport(
    simulatedReport(
      'experiment',
      [1, 2, 3].map((seed) => simulatedRun({ seed })),
    ),
  );

  /** Opens a page; the events are those since then. */
  async function open(text: string, width: number, scheme: 'light' | 'dark' = 'light') {
    const { page } = browser;
    const file = join(folder, 'report.html');
    await writeFile(file, text);
    await page.send('Emulation.setDeviceMetricsOverride', {
      width,
      height: 900,
      deviceScaleFactor: 1,
      mobile: false,
    });
    const features = [{ name: 'prefers-color-scheme', value: scheme }];
    await page.send('Emulation.setEmulatedMedia', { media: '', features });
    const before = page.events.length;
    const { frameId } = await page.send('Page.navigate', { url: pathToFileURL(file).href });
    expect(frameId).toBeTypeOf('string');
    // The page waits for its own load, then for two frames: by then everything has been drawn or refused.
    await page.evaluate(
      `new Promise((done) => { const wait = () => document.readyState === 'complete' && document.title !== '' ? requestAnimationFrame(() => requestAnimationFrame(done)) : setTimeout(wait, 10); wait(); })`,
    );
    return { page, file, events: () => page.events.slice(before) };
  }

  const complaints = (events: Browser['page']['events']): readonly unknown[] =>
    events.filter(({ method }) =>
      ['Log.entryAdded', 'Runtime.exceptionThrown', 'Audits.issueAdded'].includes(method),
    );

  /** What lies where: boxes in CSS pixels of the page. */
  interface Box {
    readonly chart: string;
    readonly text: string;
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly height: number;
  }
  const BOX = `(e) => { const b = e.getBoundingClientRect(); return { x: b.x + scrollX, y: b.y + scrollY, width: b.width, height: b.height }; }`;
  const unfold = (page: Browser['page']): Promise<unknown> =>
    page.evaluate(`document.querySelectorAll('details').forEach((fold) => { fold.open = true; })`);
  const charts = (page: Browser['page']): Promise<readonly Box[]> =>
    page.evaluate(
      `[...document.querySelectorAll('svg[role=img]')].map((e) => ({ chart: e.querySelector('title').id, text: '', ...(${BOX})(e) })).filter(({ width }) => width > 0)`,
    );
  const texts = (page: Browser['page']): Promise<readonly Box[]> =>
    page.evaluate(
      `[...document.querySelectorAll('svg[role=img]')].flatMap((svg) => [...svg.querySelectorAll('text')].map((e) => ({ chart: svg.querySelector('title').id, text: e.textContent, ...(${BOX})(e) }))).filter(({ width }) => width > 0)`,
    );

  /** The window as it is, or the whole page at half its size, which is enough to see whether something is there. */
  async function picture(page: Browser['page'], whole = false): Promise<Picture> {
    const [width, height] = await page.evaluate<[number, number]>(
      '[document.documentElement.scrollWidth, document.documentElement.scrollHeight]',
    );
    const options = whole
      ? { clip: { x: 0, y: 0, width, height, scale: 0.5 }, captureBeyondViewport: true }
      : {};
    const { data } = await page.send('Page.captureScreenshot', { format: 'png', ...options });
    return readPng(Buffer.from(data as string, 'base64'));
  }

  /** What is to be seen of each chart on the page, those behind folds too. */
  async function inkOfCharts(page: Browser['page']) {
    await unfold(page);
    const drawn = await charts(page);
    const whole = await picture(page, true);
    return drawn.map(({ chart, x, y, width, height }) => ({
      chart,
      ...ink(crop(whole, { x: x / 2, y: y / 2, width: width / 2, height: height / 2 })),
    }));
  }

  it.each([
    ['run', run],
    ['experiment', experiment],
    ['run with hostile names', renderReport(hostileReport())],
  ])('of a(n) %s loads nothing but itself, and its policy refuses nothing of it', async (_, text) => {
    const { file, events } = await open(text, 1280);
    const asked = events()
      .filter(({ method }) => method === 'Network.requestWillBeSent')
      .map(({ params }) => (params['request'] as { url: string }).url);
    expect(asked.filter((url) => !url.startsWith('data:'))).toEqual([pathToFileURL(file).href]);
    expect(complaints(events())).toEqual([]);
    expect(await browser.page.evaluate('document.title')).toMatch(/^limaml ranks better than /);
  });

  it('refuses whatever someone adds to it, so that silence means that nothing was refused', async () => {
    const added = '<script>document.title = "taken"</script><p style="color:red">red</p></main>';
    const { page, events } = await open(run.replace('</main>', added), 1280);
    expect(complaints(events()).length).toBeGreaterThan(0);
    expect(await page.evaluate('document.title')).not.toBe('taken');
  });

  it.each([1280, 820, 400, 320])('fits a window of %i pixels', async (width) => {
    for (const text of [run, experiment]) {
      const { page } = await open(text, width);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
      await unfold(page);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
      const drawn = await charts(page);
      expect(drawn.length).toBeGreaterThan(12);
      const places = new Map(drawn.map((box) => [box.chart, box]));
      const outside = [...drawn, ...(await texts(page))].filter((box) => {
        const chart = places.get(box.chart)!;
        const [right, bottom] = [box.x + box.width, box.y + box.height];
        const below = bottom > chart.y + chart.height + 3 || box.y < chart.y - 3;
        return below || box.x < 0 || right > width + 0.5;
      });
      expect(outside).toEqual([]);
    }
  });

  it.each([1280, 400])('writes no text of a chart over another at %i pixels', async (width) => {
    for (const text of [run, experiment]) {
      const { page } = await open(text, width);
      await unfold(page);
      const written = await texts(page);
      expect(written.length).toBeGreaterThan(150);
      const over = written.flatMap((one, i) =>
        written.slice(i + 1).flatMap((other) => {
          const across = Math.min(one.x + one.width, other.x + other.width) - Math.max(one.x, other.x);
          const down = Math.min(one.y + one.height, other.y + other.height) - Math.max(one.y, other.y);
          return across > 1 && down > 4 ? [`${one.chart}: ${one.text} | ${other.text}`] : [];
        }),
      );
      expect(over).toEqual([]);
    }
  });

  it.each([
    ['run', 'light', run],
    ['run', 'dark', run],
    ['experiment', 'light', experiment],
  ] as const)('draws something in every chart of a %s, %s', async (_, scheme, text) => {
    const { page } = await open(text, 1280, scheme);
    const drawn = await inkOfCharts(page);
    expect(drawn.length).toBeGreaterThan(12);
    expect(drawn.filter(({ share, span }) => share < 0.01 || span < 0.3)).toEqual([]);
  });

  it('tells empty charts from drawn ones', async () => {
    const { page } = await open(
      run.replace(/<path[^>]*>|<line[^>]*>|<circle[^>]*>|<text.*?<\/text>/gs, ''),
      1280,
    );
    const drawn = await inkOfCharts(page);
    expect(drawn.length).toBeGreaterThan(12);
    expect(drawn.filter(({ share, chart }) => share >= 0.01 && chart !== 'embeddings-w-t')).toEqual([]);
  });

  it('is dark where the reader likes it dark, light elsewhere, and light on paper', async () => {
    const light = brightness(await picture((await open(run, 1280)).page));
    const { page } = await open(run, 1280, 'dark');
    const dark = brightness(await picture(page));
    expect(light).toBeGreaterThan(200);
    expect(dark).toBeLessThan(70);
    await page.send('Emulation.setEmulatedMedia', {
      media: 'print',
      features: [{ name: 'prefers-color-scheme', value: 'dark' }],
    });
    expect(brightness(await picture(page))).toBeGreaterThan(200);
    expect(await page.evaluate(`getComputedStyle(document.querySelector('nav')).display`)).toBe('none');
  });

  it('prints on a few pages', async () => {
    const { page } = await open(run, 1280);
    const { data } = await page.send('Page.printToPDF', { preferCSSPageSize: true });
    const pdf = Buffer.from(data as string, 'base64').toString('latin1');
    const pages = pdf.match(/\/Type\s*\/Page\b(?!s)/g) ?? [];
    expect(pages.length).toBeGreaterThan(4);
    expect(pages.length).toBeLessThan(16);
  });
});
