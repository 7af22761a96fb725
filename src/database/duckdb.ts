// DuckDB's package, required: importing it, Node reads all of its files for the names they export, which takes longer than loading them.
import { createRequire } from 'node:module';

export const duckdb = createRequire(import.meta.url)('@duckdb/node-api') as typeof import('@duckdb/node-api');
