/** What each kind of record says for itself: its row and its totals. */

import { UNITS, type AnyRecord, type ExerciseLog, type Family, type FoodLog, type HealthMetric } from './api/types';
import type { Locale } from './strings';

export interface Described {
  name: string;
  below: string;
  amount: string;
  unit: string;
}

export interface Kind<R extends AnyRecord = AnyRecord> {
  family: Family;
  describe(record: R, locale: Locale): Described;
  totals(records: R[], locale: Locale): [label: string, value: string][];
}

const sum = <R,>(records: R[], of: (record: R) => number | undefined) =>
  records.reduce((total, record) => total + (of(record) ?? 0), 0);

export const food: Kind<FoodLog> = {
  family: 'food',
  describe: (record, { strings, number }) => {
    const macros: [string, number][] = [
      [strings.protein, record.proteinG],
      [strings.carbs, record.carbsG],
      [strings.fat, record.fatG],
    ];
    const grams = macros.map(([name, value]) => `${name[0]} ${number(value)}`).join(' · ');
    return {
      name: record.name,
      below: `${strings.meals[record.meal]} · ${grams} g`,
      amount: number(record.calories),
      unit: 'kcal',
    };
  },
  totals: (records, { strings, number }) => [
    [strings.calories, number(sum(records, (food) => food.calories))],
    [strings.protein, number(sum(records, (food) => food.proteinG))],
    [strings.carbs, number(sum(records, (food) => food.carbsG))],
    [strings.fat, number(sum(records, (food) => food.fatG))],
  ],
};

export const exercise: Kind<ExerciseLog> = {
  family: 'exercise',
  describe: (record, { strings, number }) => ({
    name: record.activity,
    below: [
      strings.intensities[record.intensity],
      record.distanceKm != null && `${number(record.distanceKm)} km`,
      record.caloriesBurned != null && `${number(record.caloriesBurned)} kcal`,
    ]
      .filter(Boolean)
      .join(' · '),
    amount: number(record.durationMin),
    unit: 'min',
  }),
  totals: (records, { strings, number }) => [
    [strings.minutes, number(sum(records, (log) => log.durationMin))],
    [strings.caloriesBurned, number(sum(records, (log) => log.caloriesBurned))],
    [strings.distance, number(sum(records, (log) => log.distanceKm))],
  ],
};

export const metricUnit = (kind: HealthMetric['kind'], { strings }: Locale) =>
  kind === 'steps' ? strings.stepsUnit : UNITS[kind];

export const metric: Kind<HealthMetric> = {
  family: 'metric',
  describe: (record, locale) => ({
    name: locale.strings.kinds[record.kind],
    below: '',
    amount: [record.value, record.value2]
      .filter((value) => value != null)
      .map((value) => locale.number(value))
      .join('/'),
    unit: metricUnit(record.kind, locale),
  }),
  // Measurements of different kinds have none.
  totals: () => [],
};

export const KINDS = { food, exercise, metric } as const;
export const kindOf = (family: Family) => KINDS[family] as unknown as Kind;
