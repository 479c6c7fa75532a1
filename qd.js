#!/usr/bin/env node
// `qd` in a checkout: prepares what is out of date and runs the command line on the pinned Node.
import { enter } from './build-tools/enter.js';

const args = process.argv.slice(2);
const serves = args.includes('desk') || args.includes('engine');
const builds = ['addon'];
if (serves) builds.push('renderer');
if (args[0] === 'bench') builds.push('bench');
await enter('app/cli/main.ts', args, builds);
