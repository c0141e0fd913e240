import { memo, useMemo } from 'react';

import { useList, useProfile } from '../api/queries';
import { instantOf, type AnyRecord, type ExerciseLog, type FoodLog, type HealthMetric, type HealthProfile, type MetricKind } from '../api/types';
import { Skeleton } from '../components/Skeleton';
import { StaleNote } from '../components/StaleNote';
import { plusDays, rangeOf, startOfToday } from '../day';
import { exercise, food, metric, metricUnit, type Described } from '../kinds';
import { useLocale, type Locale } from '../strings';

/** Weight is not measured every day; the last of this many days is shown. */
export const WEIGHT_DAYS = 14;
const LATEST = 8;

export function Component() {
  const { strings, day } = useLocale();
  const today = startOfToday();
  const [from, to] = rangeOf(today);
  const [since] = rangeOf(plusDays(today, -WEIGHT_DAYS));
  const foods = useList('food', from, to);
  const exercises = useList('exercise', from, to);
  const metrics = useList('metric', since, to);
  const { data: profile } = useProfile();
  return (
    <>
      <div className="page-head">
        <h1>{profile ? strings.greeting(profile.displayName) : strings.overview}</h1>
        <p className="quiet">{day(today)}</p>
      </div>
      {foods.isError && <StaleNote onRetry={() => void foods.refetch()} />}
      <section className="tiles" data-testid="overview">
        <Eaten foods={foods.data} goal={profile?.dailyCalorieGoal} />
        <Movement exercises={exercises.data} />
        <Measured kind="steps" metrics={metrics.data} since={from} goal={profile?.dailyStepGoal} />
        <Measured kind="sleep" metrics={metrics.data} since={from} />
        <Measured kind="weight" metrics={metrics.data} since={since} goal={profile?.goalWeightKg} />
      </section>
      <section className="card latest">
        <h2>{strings.latest}</h2>
        <Latest foods={foods.data} exercises={exercises.data} metrics={metrics.data} from={from} />
      </section>
    </>
  );
}

const Eaten = memo(function Eaten({ foods = [], goal }: { foods?: FoodLog[]; goal?: number }) {
  const { strings, number } = useLocale();
  const sum = useMemo(() => {
    const total = { calories: 0, grams: [0, 0, 0] as [number, number, number] };
    for (const { calories, proteinG, carbsG, fatG } of foods) {
      total.calories += calories;
      total.grams[0] += proteinG;
      total.grams[1] += carbsG;
      total.grams[2] += fatG;
    }
    return total;
  }, [foods]);
  const all = sum.grams[0] + sum.grams[1] + sum.grams[2];
  return (
    <>
      <article className="card tile wide-tile">
        <h2>{strings.energy}</h2>
        <p className="figure">
          <strong data-testid="energy-today">{number(sum.calories)}</strong> kcal
        </p>
        <Goal value={sum.calories} goal={goal} unit="kcal" />
      </article>
      <article className="card tile wide-tile">
        <h2>{strings.macros}</h2>
        <dl className="macros">
          {[strings.protein, strings.carbs, strings.fat].map((name, place) => (
            <div className="macro" data-macro={place} key={name}>
              <dt>{name}</dt>
              <dd>{number(sum.grams[place]!)}</dd>
              <div className="bar">
                <div style={{ width: `${all > 0 ? (sum.grams[place]! / all) * 100 : 0}%` }} />
              </div>
            </div>
          ))}
        </dl>
      </article>
    </>
  );
});

const Movement = memo(function Movement({ exercises = [] }: { exercises?: ExerciseLog[] }) {
  const { strings, number } = useLocale();
  const minutes = exercises.reduce((sum, { durationMin }) => sum + durationMin, 0);
  return (
    <article className="card tile">
      <h2>{strings.movement}</h2>
      <p className="figure">
        <strong>{number(minutes)}</strong> min
      </p>
    </article>
  );
});

interface MeasuredProps {
  kind: MetricKind;
  metrics?: HealthMetric[];
  since: string;
  goal?: number;
}

/** The newest value of a kind. */
const Measured = memo(function Measured({ kind, metrics, since, goal }: MeasuredProps) {
  const locale = useLocale();
  const { strings, number } = locale;
  const value = metrics?.find((metric) => metric.kind === kind && metric.measuredAt >= since)?.value;
  const unit = metricUnit(kind, locale);
  return (
    <article className="card tile">
      <h2>{strings.kinds[kind]}</h2>
      <p className="figure">
        <strong>{value === undefined ? '–' : number(value)}</strong> {unit}
      </p>
      {kind === 'steps' ? (
        <Goal value={value} goal={goal} unit="" />
      ) : (
        <p className="quiet">{goal !== undefined && strings.goalIs(`${number(goal)} ${unit}`)}</p>
      )}
    </article>
  );
});

function Goal({ value = 0, goal, unit }: { value?: number; goal?: HealthProfile['dailyStepGoal']; unit: string }) {
  const { strings, number } = useLocale();
  const share = goal ? Math.min((value / goal) * 100, 100) : 0;
  return (
    <>
      <div className="bar" aria-hidden="true">
        <div className={share >= 100 ? 'full' : undefined} style={{ width: `${share}%` }} />
      </div>
      <p className="quiet">{goal ? strings.ofGoal(`${number(goal)} ${unit}`.trim()) : strings.noGoal}</p>
    </>
  );
}

interface LatestProps {
  foods?: FoodLog[];
  exercises?: ExerciseLog[];
  metrics?: HealthMetric[];
  from: string;
}

/** What came in today, newest first. */
const Latest = memo(function Latest({ foods, exercises = [], metrics = [], from }: LatestProps) {
  const locale = useLocale();
  const { strings } = locale;
  if (!foods) return <Skeleton />;
  // Each list is sorted: no line of the result is further down in its list.
  const all: AnyRecord[] = [foods.slice(0, LATEST), exercises.slice(0, LATEST), metrics.slice(0, LATEST)].flat();
  const lines = all
    .filter((record) => instantOf(record) >= from)
    .sort((a, b) => (instantOf(a) < instantOf(b) ? 1 : -1))
    .slice(0, LATEST);
  if (lines.length === 0) {
    return (
      <div className="empty">
        <p>
          <strong>{strings.nothingYet}</strong>
        </p>
        <p className="quiet">{strings.logHint}</p>
      </div>
    );
  }
  return (
    <ul className="lines">
      {lines.map((record) => {
        const { name, amount, unit } = describe(record, locale);
        return (
          <li className="line" key={record.id}>
            <time>{locale.time(instantOf(record))}</time>
            <span className="line-name">{name}</span>
            <span className="line-amount">
              {amount} {unit}
            </span>
            <small>{strings.source[record.source]}</small>
          </li>
        );
      })}
    </ul>
  );
});

function describe(record: AnyRecord, locale: Locale): Described {
  if ('meal' in record) return food.describe(record, locale);
  if ('activity' in record) return exercise.describe(record, locale);
  return metric.describe(record, locale);
}
