// How far two computations of the same thing may part: rounding everywhere, and a kink here and there.

/** Largest difference that rounding explains, of a probability or of a number of a vector. */
export const PARITY = 1e-5;
/**
 * A ReLU of the meta block whose input is zero but for rounding passes a gradient on one side and none on the other, and rounding decides.
 * Both are right, and the inner steps carry them apart. So few entities may part further, and only so far.
 */
const KINKS = { share: 1e-3, vector: 1e-2, probability: 1e-3 } as const;

export interface Agreement {
  /** Entities compared, and how many of them part by more than rounding. */
  readonly entities: number;
  readonly apart: number;
  /** The largest difference, and the entity it is of; null where there was nothing to compare. */
  readonly largest: number;
  readonly worst: string | null;
}

interface Agreements {
  /** A difference found for an entity; one that is no number is the largest there is. */
  add(entity: string, difference: number): void;
  result(): Agreement;
}

/** Starts a comparison. */
export function agreements(): Agreements {
  const byEntity = new Map<string, number>();
  return {
    add(entity, difference) {
      const size = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : Math.abs(difference);
      byEntity.set(entity, Math.max(byEntity.get(entity) ?? 0, size));
    },
    result() {
      let apart = 0;
      let largest = 0;
      let worst: string | null = null;
      for (const [entity, size] of byEntity) {
        if (size > PARITY) apart++;
        if (worst !== null && size <= largest) continue;
        largest = size;
        worst = entity;
      }
      return { entities: byEntity.size, apart, largest, worst };
    },
  };
}

/** Entities that a kink of the model parts, and the one that parts furthest; null where none does. */
export type Kinks = { readonly entities: number; readonly furthest: string } | null;

/** Of a comparison that agrees, what parted by more than rounding. */
export function kinksOf({ apart, worst }: Agreement): Kinks {
  return apart === 0 || worst === null ? null : { entities: apart, furthest: worst };
}

/** Whether what parts is rounding and a few kinks: at most one entity in a thousand (one of fewer), within the bound. */
export function agrees(kind: 'vector' | 'probability', { entities, apart, largest }: Agreement): boolean {
  return apart <= Math.max(1, Math.floor(KINKS.share * entities)) && (apart === 0 || largest <= KINKS[kind]);
}
