// Lists and objects of JSON and Parquet as texts that cannot be taken for anything else, and the parts of objects by `a.b`.
import { ident, quoted } from '../../database/sql.js';

/** Stands before every member of a list, the first included, when the list becomes one text. */
export const LIST_MARK = '\u001f';
/** Stands before the text of an object. */
const OBJECT_MARK = '\u001e';
/** Stands before the text of a list that cannot be written with marks, as a member holds one. */
const MARKED_MARK = '\u001d';

/** What a column that wants one value says of a list or an object. */
export const NESTED_REASON =
  'a list or an object: a list is read by a feature of "kind: multi", a part of an object by its path, as in "user.id"';

/** What a list is of which a member holds the character between members. */
export const MARKED_REASON =
  'a list of which a member holds the character U+001F, by which members are kept apart';

/** Condition under which a present text was a list or an object in the file. */
export const isNested = (text: string): string =>
  `${startsList(text)} OR ${isObject(text)} OR ${isMarkedList(text)}`;

/** Condition under which a present text was a list of which a member holds the mark of lists. */
export const isMarkedList = (text: string): string => `starts_with(${text}, ${quoted(MARKED_MARK)})`;

/** Condition under which a present text was an object in the file. */
export const isObject = (text: string): string => `starts_with(${text}, ${quoted(OBJECT_MARK)})`;

const startsList = (text: string): string => `starts_with(${text}, ${quoted(LIST_MARK)})`;

/** SQL of a list of texts as one text; an empty list is no value. */
const listText = (list: string): string =>
  `CASE WHEN contains(array_to_string(${list}, ''), ${quoted(LIST_MARK)})
    THEN ${quoted(MARKED_MARK)} || array_to_string(${list}, ' | ')
    ELSE nullif(${quoted(LIST_MARK)} || array_to_string(${list}, ${quoted(LIST_MARK)}), ${quoted(LIST_MARK)}) END`;

/** SQL of the members of a text: those of a list as they were, else what `separator` parts. */
export const listMembers = (text: string, separator: string): string =>
  `CASE WHEN ${startsList(text)} THEN string_split(substr(${text}, 2), ${quoted(LIST_MARK)})
    ELSE string_split(${text}, ${quoted(separator)}) END`;

/** A value of a list or an object as a person may see it. */
export const shownNested = (text: string): string =>
  text
    .replaceAll(OBJECT_MARK, '')
    .replace(MARKED_MARK, '')
    .replace(LIST_MARK, '')
    .replaceAll(LIST_MARK, ' | ');

/** A JSON value as text: strings and numbers bare and to the last digit, NaN and null as NULL. */
export function jsonText(json: string): string {
  return `CASE json_type(${json}) WHEN 'ARRAY' THEN ${listText(`json_extract_string(${json}, '$[*]')`)}
    WHEN 'OBJECT' THEN ${quoted(OBJECT_MARK)} || CAST(${json} AS VARCHAR)
    WHEN 'DOUBLE' THEN nullif(json_extract_string(${json}, '$'), 'NaN') ELSE json_extract_string(${json}, '$') END`;
}

/** The path of a column within a JSON object: a key, or keys of keys parted by dots. */
export const jsonPath = (keys: readonly string[]): string =>
  quoted(`$${keys.map((key) => `."${key.replaceAll('"', '\\"')}"`).join('')}`);

/** SQL of a column of a JSON object: the key of that name, else the path that its dots are. */
export function jsonColumn(object: string, column: string): string {
  const whole = `json_extract(${object}, ${jsonPath([column])})`;
  return column.includes('.')
    ? `coalesce(${whole}, json_extract(${object}, ${jsonPath(column.split('.'))}))`
    : whole;
}

/** SQL of a Parquet column of a type: text, list, object or number without NaN. */
export function parquetText(sql: string, type: string): string {
  if (/\[\d*\]$/.test(type)) return listText(sql);
  if (/^(STRUCT|MAP|UNION)\(/.test(type)) return `${quoted(OBJECT_MARK)} || CAST(${sql} AS VARCHAR)`;
  if (type === 'FLOAT' || type === 'DOUBLE')
    return `CASE WHEN NOT isnan(${sql}) THEN CAST(${sql} AS VARCHAR) END`;
  return `CAST(${sql} AS VARCHAR)`;
}

/** SQL of a Parquet column: the column of that name, else a part of the column whose name the path begins with. */
export function parquetColumn(column: string, known: ReadonlyMap<string, string>): string {
  const path = column.split('.');
  const lengths = path.map((_, index) => path.length - index);
  const first = lengths.find((length) => known.has(path.slice(0, length).join('.'))) ?? 1;
  return [path.slice(0, first).join('.'), ...path.slice(first)].map(ident).join('.');
}
