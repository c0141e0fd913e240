import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';

import { Refused } from '../api/client';
import { instantOf, UNITS, type AnyRecord, type ExerciseLog, type Family, type FoodLog, type HealthMetric, type MetricKind } from '../api/types';
import { save, type Draft } from '../api/writes';
import { localInput } from '../day';
import { useLocale } from '../strings';
import { Choice, Field } from './Field';
import { Icon } from './Icon';

interface Props {
  family: Family;
  record?: AnyRecord;
  at: number;
  onClose: () => void;
}

type Errors = Record<string, string>;

const TEXTS = new Set(['name', 'activity', 'meal', 'intensity', 'kind', 'notes']);

export function RecordForm({ family, record, at, onClose }: Props) {
  const { strings } = useLocale();
  const { mutate, isPending, error } = useMutation({
    mutationFn: (draft: Draft) => save(family, draft, record),
    onSuccess: onClose,
  });
  const refused = error instanceof Refused ? error : undefined;
  const errors: Errors = Object.fromEntries(
    (refused?.errors ?? []).map(({ pointer, detail }) => [pointer.slice(1), detail]),
  );
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    mutate(read(new FormData(event.currentTarget), family));
  };
  return (
    <form className="form" data-testid="record-form" onSubmit={submit}>
      <div className="form-head">
        <h2>{(record ? strings.editing : strings.adding)[family]}</h2>
        <button type="button" className="icon-button" aria-label={strings.cancel} onClick={onClose}>
          <Icon name="close" />
        </button>
      </div>
      <div className="fields">
        {family === 'food' && <FoodFields record={record as FoodLog} at={at} errors={errors} />}
        {family === 'exercise' && <ExerciseFields record={record as ExerciseLog} at={at} errors={errors} />}
        {family === 'metric' && <MetricFields record={record as HealthMetric} at={at} errors={errors} />}
      </div>
      {error && (
        <p className="note error" role="alert">
          {refused ? refused.detail : strings.unreachable}
        </p>
      )}
      <div className="form-end">
        <button type="button" className="button" onClick={onClose}>
          {strings.cancel}
        </button>
        <button type="submit" className="button primary" disabled={isPending}>
          {strings.save}
        </button>
      </div>
    </form>
  );
}

function read(data: FormData, family: Family): Draft {
  const draft: Draft = {};
  for (const [name, entry] of data) {
    const text = String(entry).trim();
    if (text === '') continue;
    if (name.endsWith('At')) draft[name] = new Date(text).toISOString();
    else draft[name] = TEXTS.has(name) ? text : Number(text.replace(',', '.'));
  }
  if (family === 'metric') draft.unit = UNITS[draft.kind as MetricKind];
  return draft;
}

interface FieldsProps<R> {
  record?: R;
  at: number;
  errors: Errors;
}

const text = (value: string | number | undefined) => (value === undefined ? '' : String(value));
const timeOf = (record: AnyRecord | undefined, at: number) =>
  localInput(record ? Date.parse(instantOf(record)) : Math.min(at, Date.now()));

function FoodFields({ record, at, errors }: FieldsProps<FoodLog>) {
  const { strings } = useLocale();
  return (
    <>
      <Field name="name" label={strings.name} value={text(record?.name)} error={errors.name} />
      <Choice name="meal" label={strings.meal} value={record?.meal ?? 'breakfast'} options={strings.meals} />
      <Field name="calories" label={strings.calories} value={text(record?.calories)} error={errors.calories} numeric />
      <Field name="proteinG" label={strings.protein} value={text(record?.proteinG)} error={errors.proteinG} numeric optional />
      <Field name="carbsG" label={strings.carbs} value={text(record?.carbsG)} error={errors.carbsG} numeric optional />
      <Field name="fatG" label={strings.fat} value={text(record?.fatG)} error={errors.fatG} numeric optional />
      <Field name="loggedAt" label={strings.when} value={timeOf(record, at)} type="datetime-local" error={errors.loggedAt} />
      <Field name="notes" label={strings.notes} value={text(record?.notes)} error={errors.notes} optional />
    </>
  );
}

function ExerciseFields({ record, at, errors }: FieldsProps<ExerciseLog>) {
  const { strings } = useLocale();
  return (
    <>
      <Field name="activity" label={strings.activity} value={text(record?.activity)} error={errors.activity} />
      <Field name="durationMin" label={strings.minutes} value={text(record?.durationMin)} error={errors.durationMin} numeric />
      <Choice name="intensity" label={strings.intensity} value={record?.intensity ?? 'moderate'} options={strings.intensities} />
      <Field
        name="caloriesBurned"
        label={strings.caloriesBurned}
        value={text(record?.caloriesBurned)}
        error={errors.caloriesBurned}
        numeric
        optional
      />
      <Field name="distanceKm" label={strings.distance} value={text(record?.distanceKm)} error={errors.distanceKm} numeric optional />
      <Field name="loggedAt" label={strings.when} value={timeOf(record, at)} type="datetime-local" error={errors.loggedAt} />
      <Field name="notes" label={strings.notes} value={text(record?.notes)} error={errors.notes} optional />
    </>
  );
}

function MetricFields({ record, at, errors }: FieldsProps<HealthMetric>) {
  const { strings } = useLocale();
  const [kind, setKind] = useState<string>(record?.kind ?? 'weight');
  const pressure = kind === 'bloodPressure';
  return (
    <>
      <Choice name="kind" label={strings.kind} value={kind} options={strings.kinds} onChange={setKind} />
      <Field name="value" label={pressure ? strings.systolic : strings.value} value={text(record?.value)} error={errors.value} numeric />
      {pressure && (
        <Field name="value2" label={strings.diastolic} value={text(record?.value2)} error={errors.value2} numeric />
      )}
      <Field name="measuredAt" label={strings.when} value={timeOf(record, at)} type="datetime-local" error={errors.measuredAt} />
    </>
  );
}
