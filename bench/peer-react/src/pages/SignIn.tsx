import { useMutation } from '@tanstack/react-query';
import type { FormEvent } from 'react';

import { signIn } from '../api/session';
import { Mark } from '../components/Icon';
import { LanguagePicker } from '../components/LanguagePicker';
import { useLocale } from '../strings';

/** `ended`: a session was there and is over. */
export default function SignIn({ ended }: { ended: boolean }) {
  const { strings } = useLocale();
  const { mutate, isPending, isError, isIdle, data } = useMutation({
    mutationFn: (form: FormData) => signIn(String(form.get('email')), String(form.get('password'))),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    mutate(new FormData(event.currentTarget));
  };
  const failure =
    (isError && strings.unreachable) || (data === false && strings.wrongCredentials) || (ended && isIdle && strings.sessionOver);
  return (
    <main className="door">
      <div className="door-brand">
        <Mark />
        <h1>Latido</h1>
        <p className="quiet">{strings.tagline}</p>
      </div>
      <form className="form card" data-testid="sign-in-form" onSubmit={submit}>
        <label className="field">
          <span>{strings.email}</span>
          <input name="email" type="email" autoComplete="username" required />
        </label>
        <label className="field">
          <span>{strings.password}</span>
          <input name="password" type="password" autoComplete="current-password" required />
        </label>
        {failure && (
          <p className="note error" role="alert">
            {failure}
          </p>
        )}
        <button type="submit" className="button primary wide" disabled={isPending}>
          {strings.signIn}
        </button>
      </form>
      <div className="door-language">
        <LanguagePicker />
      </div>
    </main>
  );
}
