import fc from 'fast-check';

/** Something that a program does. Jobs are named by a number that is taken modulo how many there are. */
export type Command =
  | { readonly do: 'submit' | 'arm'; readonly job: JobSpec }
  | { readonly do: 'push' | 'finish' | 'break' | 'cancel' | 'abandon'; readonly at: number }
  | { readonly do: 'deadline'; readonly at: number; readonly deadline: number }
  | { readonly do: 'priority'; readonly entity: number; readonly priority: number }
  | { readonly do: 'cancelAll' | 'pause' | 'resume' };

export interface JobSpec {
  /** -1: of no stream. */
  readonly entity: number;
  readonly priority: number | undefined;
  readonly credits: number;
  readonly after: readonly number[];
  readonly anyway: boolean;
  readonly deadline: number | undefined;
  /** `held`: until the program finishes it. */
  readonly work: 'done' | 'throws' | 'held';
  /** What it does while it runs, and what a callback on its `finished` does. */
  readonly inside: readonly Command[];
  readonly atEnd: readonly Command[];
}

export const CREDITS = 3;
export const ENTITIES = 2;
export const PRIORITIES = ['low', 'normal', 'high', 'kernel'] as const;

function commands(depth: number): fc.Arbitrary<Command> {
  const nested = depth === 0 ? fc.constant([]) : fc.array(commands(depth - 1), { maxLength: 2 });
  const job: fc.Arbitrary<JobSpec> = fc.record({
    entity: fc.integer({ min: -2, max: ENTITIES - 1 }).map((at) => Math.max(at, -1)),
    priority: fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined }),
    credits: fc.integer({ min: 0, max: CREDITS }),
    after: fc.array(fc.nat({ max: 20 }), { maxLength: 3 }),
    anyway: fc.boolean(),
    deadline: fc.option(fc.nat({ max: 3 }), { nil: undefined }),
    work: fc.constantFrom('done', 'held', 'held', 'throws'),
    inside: nested,
    atEnd: nested,
  });
  const at = fc.nat({ max: 20 });
  return fc.oneof(
    { weight: 8, arbitrary: fc.record({ do: fc.constant('submit' as const), job }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('arm' as const), job }) },
    { weight: 6, arbitrary: fc.record({ do: fc.constant('finish' as const), at }) },
    {
      weight: 6,
      arbitrary: fc.record({ do: fc.constantFrom('push' as const, 'break', 'cancel', 'abandon'), at }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constant('deadline' as const), at, deadline: fc.nat({ max: 3 }) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant('priority' as const),
        entity: fc.nat({ max: ENTITIES - 1 }),
        priority: fc.integer({ min: 0, max: 3 }),
      }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('cancelAll' as const, 'pause', 'resume') }) },
  );
}

/** Programs whose commands also run inside of work and of callbacks. */
export const programs: fc.Arbitrary<readonly Command[]> = fc.array(commands(2), { maxLength: 25 });
