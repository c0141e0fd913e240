import { useMutation } from '@tanstack/react-query';
import { memo, useState } from 'react';

import { remove } from '../api/writes';
import { instantOf, type AnyRecord } from '../api/types';
import type { Kind } from '../kinds';
import { useLocale } from '../strings';
import { Icon } from './Icon';

interface Props {
  kind: Kind;
  record: AnyRecord;
  index: number;
  measure: (element: HTMLElement | null) => void;
  onEdit: (record: AnyRecord) => void;
}

/** Its place changes with every row that comes before it; what it shows does not. */
export function Row({ kind, record, index, measure, onEdit }: Props) {
  return (
    <li ref={measure} className="row" data-testid={`${kind.family}-row`} data-id={record.id} data-index={index}>
      <Content kind={kind} record={record} onEdit={onEdit} />
    </li>
  );
}

const Content = memo(function Content({ kind, record, onEdit }: Omit<Props, 'index' | 'measure'>) {
  const locale = useLocale();
  const { strings } = locale;
  const [confirming, setConfirming] = useState(false);
  const { name, below, amount, unit } = kind.describe(record, locale);
  return (
    <>
      <div className="row-main">
        <span className="row-name">{name}</span>
        <span className="row-below">{below}</span>
      </div>
      <div className="row-amount">
        <strong>{amount}</strong> <small>{unit}</small>
      </div>
      <div className="row-when">
        <time>{locale.time(instantOf(record))}</time>
        <small>{strings.source[record.source]}</small>
      </div>
      <div className="row-actions">
        {confirming ? (
          <ConfirmDelete kind={kind} record={record} onKeep={() => setConfirming(false)} />
        ) : (
          <>
            <button type="button" className="icon-button" data-testid="edit" aria-label={strings.edit} onClick={() => onEdit(record)}>
              <Icon name="edit" />
            </button>
            <button
              type="button"
              className="icon-button"
              data-testid="delete"
              aria-label={strings.delete}
              onClick={() => setConfirming(true)}
            >
              <Icon name="delete" />
            </button>
          </>
        )}
      </div>
    </>
  );
});

function ConfirmDelete({ kind, record, onKeep }: { kind: Kind; record: AnyRecord; onKeep: () => void }) {
  const { strings } = useLocale();
  const { mutate, isPending, isError } = useMutation({ mutationFn: () => remove(kind.family, record) });
  return (
    <div className="confirm" role="group" aria-label={strings.reallyDelete}>
      <span className="error" role="alert">
        {isError && strings.unreachable}
      </span>
      <button
        type="button"
        className="button small danger"
        data-testid="confirm-delete"
        disabled={isPending}
        onClick={() => mutate()}
      >
        {strings.reallyDelete}
      </button>
      <button type="button" className="button small" onClick={onKeep}>
        {strings.keep}
      </button>
    </div>
  );
}
