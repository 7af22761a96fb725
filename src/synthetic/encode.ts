// The synthetic log as CSV: events, members and items with their header lines.
import { type ByteWriter, COMMA, NEWLINE, putByte, putBytes, putDigits } from './csv-bytes.js';
import { SURFACES } from './effects.js';
import type { SyntheticEvents } from './events.js';
import { ATTRIBUTES, CATEGORIES, FORMATS, type PlantedItems } from './items.js';
import { DEVICES, PLANS, type PlantedMembers, REGIONS } from './members.js';

export const ENTITY_HEADER = 'entity,age,region,plan,device\n';
export const ITEM_HEADER = `item,categories,format,${ATTRIBUTES.join(',')}\n`;

/** Names of the event columns; `truth` is left out on request, as a real log has none. */
export function eventHeader(truth: boolean): string {
  return `entity,item,timestamp,label,${truth ? 'truth,' : ''}surface,position\n`;
}

const MILLION = 1_000_000;
const SURFACE_BYTES = SURFACES.map((surface) => Buffer.from(surface));
/** No row is longer: two ids, 13 digits of milliseconds, a truth, a surface, a position, commas. */
const MOST_BYTES_PER_ROW = 80;

/** Rows of events as CSV bytes, without a header. Times are milliseconds since 1970. */
export function encodeEvents(events: SyntheticEvents, truth: boolean): Buffer {
  const writer: ByteWriter = { buffer: Buffer.allocUnsafe(events.rows * MOST_BYTES_PER_ROW), at: 0 };
  for (let row = 0; row < events.rows; row++) {
    putId(writer, 'm', events.entity[row]!);
    putByte(writer, COMMA);
    putId(writer, 'i', events.item[row]!);
    putByte(writer, COMMA);
    putDigits(writer, events.timestampMs[row]!);
    putByte(writer, COMMA);
    putDigits(writer, events.label[row]!);
    putByte(writer, COMMA);
    if (truth) {
      const millionths = Math.round(events.truth[row]! * MILLION);
      putDigits(writer, millionths === MILLION ? 1 : 0);
      putByte(writer, '.'.charCodeAt(0));
      putDigits(writer, millionths % MILLION, 6);
      putByte(writer, COMMA);
    }
    putBytes(writer, SURFACE_BYTES[events.surface[row]!]!);
    putByte(writer, COMMA);
    putDigits(writer, events.position[row]!);
    putByte(writer, NEWLINE);
  }
  return writer.buffer.subarray(0, writer.at);
}

function putId(writer: ByteWriter, letter: string, number: number): void {
  putByte(writer, letter.charCodeAt(0));
  putDigits(writer, number, 5);
}

/** Members `from` to `to` as CSV text, without a header. */
export function encodeMembers(members: PlantedMembers, from: number, to: number): string {
  let text = '';
  for (let m = from; m < to; m++) {
    const kinds = [REGIONS[members.region[m]!], PLANS[members.plan[m]!], DEVICES[members.device[m]!]];
    text += `${id('m', m)},${members.age[m]},${kinds.join(',')}\n`;
  }
  return text;
}

/** All items as CSV text, without a header. */
export function encodeItems(items: PlantedItems): string {
  const lines = Array.from({ length: items.count }, (_, i) => {
    const categories = CATEGORIES.filter((_name, c) => (items.categories[i]! >> c) & 1).join('|');
    const numbers = items.attributes.subarray(i * ATTRIBUTES.length, (i + 1) * ATTRIBUTES.length);
    return `${id('i', i)},${categories},${FORMATS[items.format[i]!]},${numbers.join(',')}\n`;
  });
  return lines.join('');
}

function id(letter: string, number: number): string {
  return `${letter}${String(number).padStart(5, '0')}`;
}
