#!/usr/bin/env node
// Starts the command line on Node 24 or newer: this Node when it is new enough, else the one that came
// with the install. Plain JavaScript, because older Nodes cannot read the sources.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import * as module from 'node:module';
import { fileURLToPath } from 'node:url';

const NODE_MAJOR_MIN = 24;
const main = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));
// Compiled code of earlier starts: halves the time to serve and spares each service the type stripper (25 MB).
// Also read from the environment by the services this process starts. A folder that cannot be written is no fault.
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL('../node_modules/.cache/infobot', import.meta.url));
const pinned = fileURLToPath(new URL('../node_modules/node/bin/node', import.meta.url));

if (Number(process.versions.node.split('.')[0]) >= NODE_MAJOR_MIN) {
  module.enableCompileCache(process.env.NODE_COMPILE_CACHE);
  await import(main);
} else if (existsSync(pinned)) {
  runWith(pinned);
} else {
  console.error(
    `InfoBot needs Node ${NODE_MAJOR_MIN} or newer; this is ${process.version}. ` +
      'Run "npm start" or "npm ci" in its folder once: that brings its own (with --ignore-scripts off).',
  );
  process.exit(1);
}

function runWith(node) {
  const child = spawn(node, [main, ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    console.error(`The Node in ${node} cannot be started: ${error.message}`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => process.exit(signal === null ? (code ?? 1) : 1));
}
