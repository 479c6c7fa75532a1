import { readFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import { createSandbox } from '../sandbox/sandbox.ts';
import { portNumber, stopRequested, wholeNumber } from './launch.ts';
import { printJson, printLine } from './output.ts';
