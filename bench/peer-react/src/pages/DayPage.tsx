import { lazy, memo, Suspense, useCallback, useState } from 'react';

import { useList } from '../api/queries';
import type { AnyRecord, Family } from '../api/types';
import { DayNav } from '../components/DayNav';
import { Icon } from '../components/Icon';
import type { Editing } from '../components/RecordDialog';
import { Rows } from '../components/Rows';
import { Skeleton } from '../components/Skeleton';
import { StaleNote } from '../components/StaleNote';
import { rangeOf, startOfToday } from '../day';
import { kindOf, type Kind } from '../kinds';
import { useLocale } from '../strings';

const RecordDialog = lazy(() => import('../components/RecordDialog'));

/** The records of one day: the same frame for food, exercise and metrics. */
export function DayPage({ family }: { family: Family }) {
  const { strings } = useLocale();
  const kind = kindOf(family);
  const [day, setDay] = useState(startOfToday);
  const [editing, setEditing] = useState<Editing>();
  const onEdit = useCallback((record: AnyRecord) => setEditing({ at: Date.now(), record }), []);
  const add = () => setEditing({ at: day + (Date.now() - startOfToday()) });
  return (
    <>
      <div className="page-head">
        <h1>{strings[family]}</h1>
        <DayNav day={day} onChange={setDay} />
        <button type="button" className="button primary" data-testid="add" onClick={add}>
          <Icon name="add" />
          <span>{strings.add}</span>
        </button>
      </div>
      <Day key={day} kind={kind} day={day} onEdit={onEdit} />
      {editing && (
        <Suspense>
          <RecordDialog family={family} editing={editing} onClose={() => setEditing(undefined)} />
        </Suspense>
      )}
    </>
  );
}

interface DayProps {
  kind: Kind;
  day: number;
  onEdit: (record: AnyRecord) => void;
}

const Day = memo(function Day({ kind, day, onEdit }: DayProps) {
  const [from, to] = rangeOf(day);
  const { data, isError, refetch } = useList(kind.family, from, to);
  return (
    <>
      <Totals kind={kind} records={data} />
      {isError && <StaleNote onRetry={() => void refetch()} />}
      {data ? <Rows kind={kind} records={data} onEdit={onEdit} /> : <Skeleton />}
    </>
  );
});

const Totals = memo(function Totals({ kind, records = [] }: { kind: Kind; records?: AnyRecord[] }) {
  const locale = useLocale();
  return (
    <dl className="totals">
      {kind.totals(records, locale).map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
});
