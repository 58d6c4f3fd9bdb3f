/** When a function takes over the reference it is given. */
export type Consumption = 'always' | 'when true' | 'when false';

/** The ownership language of doc comments, as written above one function, method or property. */
export interface OwnershipTags {
  /** Parameters whose reference the function takes over. */
  readonly consumes: ReadonlyMap<string, Consumption>;
  /** Parameters that are said to be only looked at. */
  readonly borrows: ReadonlySet<string>;
  /** The result belongs to the caller. */
  readonly acquires: boolean;
  /** The result, or the property, is not the reader's. */
  readonly borrowed: boolean;
  readonly blocks: boolean;
  readonly allocates: boolean;
  readonly signallingPath: boolean;
}

/** One tag of a doc comment with what follows it. */
export interface Tag {
  readonly name: string;
  readonly text: string;
  /** Where the tag starts, counted from the start of the comment's text. */
  readonly offset: number;
}

const consumesText =
  /^\s*(?<name>[\p{ID_Start}$_][\p{ID_Continue}$]*)(?:\s*(?:[-–:]\s*)?(?<rest>\S[\s\S]*))?\s*$/u;

const conditionText = /^only\s+when\s+the\s+call\s+returns\s+[`']?(?<value>true|false)[`']?\.?\s*$/i;

const names: ReadonlySet<string> = new Set([
  'consumes',
  'borrows',
  'acquires',
  'borrowed',
  'blocks',
  'allocates',
  'signallingPath',
]);

/** The parameter that `@consumes p - only when the call returns true` names, and what stands after it. */
export function readParameter(text: string): { name: string; rest: string | undefined } | undefined {
  const groups = consumesText.exec(text)?.groups;
  const name = groups?.['name'];
  return name === undefined ? undefined : { name, rest: groups?.['rest'] };
}

/** The condition that stands after the parameter's name: undefined when there is none, `malformed` when it says something else about returning. */
export function consumption(rest: string | undefined): Consumption | 'malformed' {
  if (rest === undefined) return 'always';
  const value = conditionText.exec(rest.trim())?.groups?.['value'];
  if (value !== undefined) return value.toLowerCase() === 'true' ? 'when true' : 'when false';
  return /^(?:only|when|if)\b/i.test(rest.trim()) ? 'malformed' : 'always';
}

/** The tags of a doc comment's text, without its slashes and stars. */
export function parseTags(comment: string): Tag[] {
  const tags: Tag[] = [];
  const pattern = /(?:^|\n)[\t *]*@(?<name>\w+)(?<text>[^\n]*(?:\n(?![\t *]*@)[^\n]*)*)/g;
  for (const match of comment.matchAll(pattern)) {
    const name = match.groups?.['name'] ?? '';
    const text = (match.groups?.['text'] ?? '').replaceAll(/\n[\t ]*\*?[\t ]?/g, ' ').trim();
    tags.push({ name, text, offset: match.index + match[0].indexOf('@') });
  }
  return tags;
}

/** What a list of tags says about ownership, or undefined when none of them speaks of it. */
export function readTags(tags: Iterable<{ name: string; text: string }>): OwnershipTags | undefined {
  const consumes = new Map<string, Consumption>();
  const borrows = new Set<string>();
  const flags = new Set<string>();
  for (const { name, text } of tags) {
    if (!names.has(name)) continue;
    flags.add(name);
    if (name !== 'consumes' && name !== 'borrows') continue;
    const parameter = readParameter(text);
    if (parameter === undefined) continue;
    if (name === 'borrows') {
      borrows.add(parameter.name);
      continue;
    }
    const when = consumption(parameter.rest);
    // A condition that cannot be read is reported by `valid-ownership-tags`; nothing is built on it.
    if (when !== 'malformed') consumes.set(parameter.name, when);
  }
  if (flags.size === 0) return undefined;
  return {
    consumes,
    borrows,
    acquires: flags.has('acquires'),
    borrowed: flags.has('borrowed'),
    blocks: flags.has('blocks'),
    allocates: flags.has('allocates'),
    signallingPath: flags.has('signallingPath'),
  };
}
