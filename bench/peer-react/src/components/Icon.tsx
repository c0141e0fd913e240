/** From the one sprite that stands in the page. It decorates: a label always says the same. */
export function Icon({ name }: { name: string }) {
  return (
    <svg className="icon" aria-hidden="true">
      <use href={`#icon-${name}`} />
    </svg>
  );
}

export function Mark() {
  return (
    <svg className="mark" viewBox="0 0 32 32" aria-hidden="true">
      <path d="M2 17h7l3-9 6 17 4-12 2 4h6" />
    </svg>
  );
}
