/** Something that was decided and has to be told: a job of its own, or a stream of jobs, whose fences keep their order. */
export interface Settling {
  /** Signals what can be signaled now. */
  settle(): void;
  /** Gives the credits back. */
  free(): void;
}
