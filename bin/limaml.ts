#!/usr/bin/env node
// Start-up only: hands the process to the program and leaves with its exit code.
import { main } from '../src/cli/main.js';
import { attachProcess, leave } from '../src/cli/process.js';

const host = attachProcess();
await leave(host, await main(host));
