import { useEffect, useRef } from 'react';

import type { AnyRecord, Family } from '../api/types';
import { RecordForm } from './RecordForm';

export type Editing = { at: number; record?: AnyRecord };

interface Props {
  family: Family;
  editing: Editing;
  onClose: () => void;
}

export default function RecordDialog({ family, editing, onClose }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} className="dialog" onClose={onClose}>
      <RecordForm family={family} record={editing.record} at={editing.at} onClose={onClose} />
    </dialog>
  );
}
