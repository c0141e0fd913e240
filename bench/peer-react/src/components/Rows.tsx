import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useLayoutEffect, useRef, useState } from 'react';

import type { AnyRecord } from '../api/types';
import type { Kind } from '../kinds';
import { useLocale } from '../strings';
import { Row } from './Row';

interface Props {
  kind: Kind;
  records: AnyRecord[];
  onEdit: (record: AnyRecord) => void;
}

const ROW_HEIGHT = 58;

/** As the observer of sizes tells it, before the next paint; asking the row itself would lay out the page at once. */
const heightOf = (_: Element, entry: ResizeObserverEntry | undefined) =>
  entry?.borderBoxSize[0]?.blockSize ?? ROW_HEIGHT;

/** Only the rows near the window are in the document; what is left out above and below is padding. */
export function Rows({ kind, records, onEdit }: Props) {
  const { strings } = useLocale();
  const list = useRef<HTMLUListElement>(null);
  const [offset, setOffset] = useState(0);
  useLayoutEffect(() => setOffset(list.current?.offsetTop ?? 0), []);
  const virtualizer = useWindowVirtualizer({
    count: records.length,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (index) => records[index]!.id,
    measureElement: heightOf,
    overscan: 6,
    scrollMargin: offset,
  });
  const items = virtualizer.getVirtualItems();
  const above = (items[0]?.start ?? offset) - offset;
  const below = virtualizer.getTotalSize() - ((items.at(-1)?.end ?? offset) - offset);
  return (
    <>
      {records.length === 0 && (
        <div className="empty">
          <p>
            <strong>{strings.empty[kind.family]}</strong>
          </p>
          <p className="quiet">{strings.logHint}</p>
        </div>
      )}
      <ul
        ref={list}
        className="rows"
        data-testid={`${kind.family}-list`}
        style={{ paddingTop: above || undefined, paddingBottom: below || undefined }}
      >
        {items.map(({ key, index }) => (
          <Row
            key={key}
            kind={kind}
            record={records[index]!}
            index={index}
            measure={virtualizer.measureElement}
            onEdit={onEdit}
          />
        ))}
      </ul>
    </>
  );
}
