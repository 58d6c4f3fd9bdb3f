import plugin from '@dma-fence/eslint-plugin';

/** What a rule says of itself, as far as its page repeats it. */
interface Meta {
  readonly docs: {
    readonly description: string;
    readonly set: 'recommended' | 'strict' | 'all' | 'resources';
    readonly requiresTypeChecking: boolean;
  };
  readonly hasSuggestions?: boolean;
  readonly fixable?: string;
  readonly schema: readonly { readonly properties?: Record<string, { readonly description: string }> }[];
}

/** The meta data of a rule, with the parts that this plugin adds. */
export function metaOf(name: string): Meta {
  return (plugin.rules[name] as unknown as { meta: Meta }).meta;
}

/** The options of a rule, with their descriptions. */
export function optionsOf(name: string): [option: string, description: string][] {
  const properties = metaOf(name).schema[0]?.properties ?? {};
  return Object.entries(properties).map(([option, { description }]) => [option, description]);
}

/** The head of a rule's page, made from its meta data. */
export function header(name: string): string {
  const { docs, hasSuggestions, fixable } = metaOf(name);
  const sets = {
    recommended: '`recommended`, `strict` and `all`',
    strict: '`strict` and `all`',
    all: '`all`',
    resources: '`resources`',
  };
  const isWithoutTypes = `dma-fence/${name}` in (plugin.configs.oxlint.rules ?? {});
  const lines = [
    `# dma-fence/${name}`,
    '',
    `${docs.description}.`,
    '',
    `- In ${docs.set === 'all' || docs.set === 'resources' ? 'the configuration' : 'the configurations'} ${sets[docs.set]}.`,
    !docs.requiresTypeChecking
      ? '- Needs no types; it is in the configuration `oxlint` too.'
      : isWithoutTypes
        ? '- Uses types; without them it goes by imports and annotations, and is in the configuration `oxlint`.'
        : '- Needs types.',
  ];
  if (fixable !== undefined)
    lines.push('- `--fix` repairs what it can repair without changing what happens.');
  if (hasSuggestions === true) lines.push('- Offers suggestions in the editor.');
  return `${lines.join('\n')}\n`;
}
