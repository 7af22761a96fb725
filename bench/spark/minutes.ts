// How long a cluster takes for so many members, from the processor time that one of them took here.

/** What a cluster is taken to be. */
interface Cluster {
  readonly coresAMachine: number;
  /** Share of the cores' time that the work gets: the rest waits for shuffles, stragglers and starting. */
  readonly efficiency: number;
}

export const CLUSTER: Cluster = { coresAMachine: 16, efficiency: 0.6 };
const MEMBERS = [1e6, 1e7, 1e8, 1e9] as const;
export const MACHINES = [1, 4, 16, 64] as const;

/** Minutes of `machines` for `members`, of whom each takes `secondsEach` of one core. */
export const minutes = (
  members: number,
  machines: number,
  secondsEach: number,
  { coresAMachine, efficiency }: Cluster = CLUSTER,
): number => (members * secondsEach) / (machines * coresAMachine * efficiency * 60);

/** Rows of a table, members by machines. */
export const minuteRows = (secondsEach: number): readonly (readonly string[])[] =>
  MEMBERS.map((members) => [
    members >= 1e9 ? `${members / 1e9} B` : `${members / 1e6} M`,
    ...MACHINES.map((machines) => shown(minutes(members, machines, secondsEach))),
  ]);

const shown = (value: number): string =>
  value < 1 ? '< 1' : value < 10 ? value.toFixed(1) : value.toFixed(0);
