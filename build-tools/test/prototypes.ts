const PROTOTYPES = [Object, Array, String, Number, Function, Map, Set, RegExp, Error, Promise].map(
  ({ prototype }) => prototype as object,
);

type Own = ReadonlyMap<PropertyKey, PropertyDescriptor>;

function ownOf(prototype: object): Own {
  const keys = Reflect.ownKeys(prototype);
  return new Map(keys.map((key) => [key, Reflect.getOwnPropertyDescriptor(prototype, key) ?? {}]));
}

const ORIGINAL: readonly (readonly [object, Own])[] = PROTOTYPES.map((one) => [one, ownOf(one)]);

function isAsBefore(prototype: object, own: Own): boolean {
  const keys = Reflect.ownKeys(prototype);
  return (
    keys.length === own.size &&
    keys.every((key) => {
      const now = Reflect.getOwnPropertyDescriptor(prototype, key);
      const before = own.get(key);
      return now?.value === before?.value && now?.get === before?.get && now?.set === before?.set;
    })
  );
}

/** True when nothing was added to what every object inherits, taken from it or put in its place. */
export function arePrototypesUntouched(): boolean {
  return ORIGINAL.every(([prototype, own]) => isAsBefore(prototype, own));
}

/** Makes the prototypes what they were when this was loaded. */
export function restorePrototypes(): void {
  for (const [prototype, own] of ORIGINAL) {
    for (const key of Reflect.ownKeys(prototype)) {
      if (!own.has(key)) Reflect.deleteProperty(prototype, key);
    }
    if (isAsBefore(prototype, own)) continue;
    for (const [key, descriptor] of own) Reflect.defineProperty(prototype, key, descriptor);
  }
}

/** Throws when an input has left something on what every object inherits. */
export function assertPrototypesUntouched(): void {
  if (!arePrototypesUntouched()) {
    throw new Error('the prototypes of built-in objects must be as they were');
  }
}
