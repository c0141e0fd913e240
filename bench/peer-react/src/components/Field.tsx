import { useId } from 'react';

import { useLocale } from '../strings';

interface Common {
  name: string;
  label: string;
  error?: string;
}

interface FieldProps extends Common {
  value: string;
  type?: string;
  numeric?: boolean;
  optional?: boolean;
}

export function Field({ name, label, error, value, type = 'text', numeric, optional }: FieldProps) {
  const { strings } = useLocale();
  const id = useId();
  return (
    <label className="field">
      <span>
        {label} {optional && <small>({strings.optional})</small>}
      </span>
      <input
        name={name}
        type={type}
        inputMode={numeric ? 'decimal' : undefined}
        autoComplete="off"
        required={!optional}
        defaultValue={value}
        aria-invalid={error !== undefined}
        aria-describedby={id}
      />
      <span className="error" id={id} data-error-for={name} aria-live="polite">
        {error}
      </span>
    </label>
  );
}

interface ChoiceProps extends Common {
  value: string;
  options: Record<string, string>;
  onChange?: (value: string) => void;
}

export function Choice({ name, label, error, value, options, onChange }: ChoiceProps) {
  return (
    <label className="field">
      <span>{label}</span>
      <select name={name} defaultValue={value} onChange={(event) => onChange?.(event.target.value)}>
        {Object.entries(options).map(([option, text]) => (
          <option key={option} value={option}>
            {text}
          </option>
        ))}
      </select>
      <span className="error" data-error-for={name}>
        {error}
      </span>
    </label>
  );
}
