import { concernsResources, type AnalysisContext } from '../analysis/analysis.js';
import { resourceProblem } from '../types/resource-row.js';

/** What rules about declared resources are for: files that may have one. Settings that cannot be read end the run. */
export function ofResources(context: AnalysisContext): boolean {
  const problem = problemOf(context.settings);
  if (problem !== undefined) throw new TypeError(problem);
  return concernsResources(context);
}

const problems = new WeakMap<object, { problem: string | undefined }>();

function problemOf(settings: Readonly<Record<string, unknown>>): string | undefined {
  let known = problems.get(settings);
  if (known === undefined) {
    known = { problem: resourceProblem(settings['dma-fence']) };
    problems.set(settings, known);
  }
  return known.problem;
}
