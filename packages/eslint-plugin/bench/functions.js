/**
 * The analysis of each function by itself. What the compiler takes to work out types it takes for any typed rule, so
 * it has worked them out before; the rest is processor time and not time on the clock, since a bench seldom has a
 * machine to itself, and the median of several turns, since a turn in which memory is collected is no function's fault.
 */
import { readFileSync } from 'node:fs';
import { Linter } from 'eslint';
import { clearCaches } from '@typescript-eslint/parser';
import { defaultOptions, knowledgeOf } from '../dist/analysis/analysis.js';
import { interpret } from '../dist/analysis/interpreter.js';
import { BudgetExceeded } from '../dist/analysis/run.js';
import { descendants, isFunction } from '../dist/analysis/text/syntax.js';
import { isRelevant } from '../dist/types/vocabulary.js';
import { configFor, FLOATING, IN_PACKAGES } from './lint.js';

/** @typedef {import('./subjects.js').Subject} Subject */
/** @typedef {import('../dist/analysis/analysis.js').AnalysisContext['sourceCode']} SourceCode */

const TURNS = 5;

/** Milliseconds that this process has computed, on all its threads. */
function processorTime() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/**
 * Milliseconds for each function of a file.
 *
 * @param {SourceCode} sourceCode
 * @returns {number[]}
 */
function analyseFunctions(sourceCode) {
  const knowledge = knowledgeOf({ sourceCode, settings: {} }, defaultOptions, []);
  /** @type {number[]} */
  const times = [];
  for (const node of descendants(sourceCode.ast, sourceCode.visitorKeys, { intoFunctions: true })) {
    if (!isFunction(node)) continue;
    const began = processorTime();
    try {
      interpret(knowledge, node);
    } catch (error) {
      if (!(error instanceof BudgetExceeded)) throw error;
    }
    times.push(processorTime() - began);
  }
  return times;
}

/**
 * Milliseconds for each function of some subjects.
 *
 * @param {readonly Subject[]} subjects
 * @returns {number[]}
 */
export function functionTimes(subjects) {
  /** @type {number[]} */
  const times = [];
  const watch = {
    /** @param {{ sourceCode: SourceCode }} context */
    create({ sourceCode }) {
      return {
        'Program:exit'() {
          if (!isRelevant(sourceCode.text)) return;
          // Once so that the compiler has worked out its types, which is whoever asks first; then with nothing of ours.
          analyseFunctions(sourceCode);
          const all = Array.from({ length: TURNS }, () => analyseFunctions(sourceCode));
          for (const index of all[0]?.keys() ?? [])
            times.push(all.map((turn) => turn[index] ?? NaN).sort((a, b) => a - b)[TURNS >> 1] ?? NaN);
        },
      };
    },
  };
  clearCaches();
  const linter = new Linter({ configType: 'flat', cwd: '/' });
  for (const subject of subjects) {
    const config = configFor(subject);
    config.plugins = { ...config.plugins, bench: /** @type {never} */ ({ rules: { watch } }) };
    config.rules = { [FLOATING]: 'error', 'bench/watch': 'error' };
    for (const file of subject.files)
      linter.verify(readFileSync(file, 'utf8'), [IN_PACKAGES, config], { filename: file });
  }
  return times;
}
