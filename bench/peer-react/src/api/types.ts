/** Records as they are on the wire, see docs/protocol.md. */

export type Source = 'wallavi' | 'manual' | 'import';

interface Stored {
  id: string;
  source: Source;
  createdAt: string;
  updatedAt: string;
  version: number;
}

export const MEALS = ['breakfast', 'lunch', 'dinner', 'snack'] as const;
export type Meal = (typeof MEALS)[number];

export interface FoodLog extends Stored {
  loggedAt: string;
  meal: Meal;
  name: string;
  calories: number;
  proteinG: number;
  carbsG: number;
  fatG: number;
  notes?: string;
}

export const INTENSITIES = ['low', 'moderate', 'high'] as const;
export type Intensity = (typeof INTENSITIES)[number];

export interface ExerciseLog extends Stored {
  loggedAt: string;
  activity: string;
  durationMin: number;
  intensity: Intensity;
  caloriesBurned?: number;
  distanceKm?: number;
  notes?: string;
}

export const UNITS = {
  weight: 'kg',
  heartRate: 'bpm',
  bloodPressure: 'mmHg',
  glucose: 'mg/dL',
  sleep: 'h',
  steps: 'count',
  spo2: '%',
  temperature: '°C',
} as const;
export type MetricKind = keyof typeof UNITS;
export const METRIC_KINDS = Object.keys(UNITS) as MetricKind[];

export interface HealthMetric extends Stored {
  measuredAt: string;
  kind: MetricKind;
  value: number;
  value2?: number;
  unit: string;
}

export interface HealthProfile {
  displayName: string;
  goalWeightKg?: number;
  dailyCalorieGoal?: number;
  dailyStepGoal?: number;
  updatedAt: string;
  version: number;
}

export interface RecordOf {
  food: FoodLog;
  exercise: ExerciseLog;
  metric: HealthMetric;
}
export type Family = keyof RecordOf;
export type AnyRecord = RecordOf[Family];

export interface Resource {
  path: string;
  many: string;
  one: string;
  /** The field that a list is sorted by. */
  at: 'loggedAt' | 'measuredAt';
}

export const RESOURCES: Record<Family, Resource> = {
  food: { path: '/food-logs', many: 'foodLogs', one: 'foodLog', at: 'loggedAt' },
  exercise: { path: '/exercise-logs', many: 'exerciseLogs', one: 'exerciseLog', at: 'loggedAt' },
  metric: { path: '/health-metrics', many: 'healthMetrics', one: 'healthMetric', at: 'measuredAt' },
};

export const FAMILIES = Object.keys(RESOURCES) as Family[];

export function instantOf(record: AnyRecord): string {
  return 'measuredAt' in record ? record.measuredAt : record.loggedAt;
}
