/** SQL: what makes a stage's schedule never due, by its logic. */
const NEVER = `case schedule ->> 'logic'
  when 'cron' then '{"start_date": "9999-12-31"}'::jsonb
  when 'expiration' then '{"expiration_date": "9999-12-31"}'::jsonb
  when 'countdown' then '{"n_tries": 0}'::jsonb
end`;

/**
 * SQL: a schedule by which nothing runs, and which is still one. What a stage had is kept as its
 * `paused_args`; a schedule that nobody can read as one, as `paused_args` of one without stages. What isn't
 * an object never was a schedule, and what is paused stays as it is.
 *
 * @param definition SQL of a `jsonb`.
 */
export function pausedSchedule(definition: string): string {
  const args = `${definition} -> 'args'`;
  const hasArgs = `jsonb_typeof(${args}) is not distinct from 'object'`;
  return `case when jsonb_typeof(${definition}) is distinct from 'object' then ${definition} else (
    select case
      when ${definition} ->> 'logic' is distinct from 'scheduled_stages' or not ${hasArgs}
        or bool_or(not understood)
      then jsonb_build_object(
        'logic', 'scheduled_stages', 'args', '{}'::jsonb, 'paused_args', ${definition})
      else ${definition} || jsonb_build_object('args', coalesce(
        jsonb_object_agg(stage, case when args @> never then schedule else
          schedule || jsonb_build_object('args', args || never, 'paused_args', args)
        end) filter (where understood), '{}'))
      end
    from (
      select stage, schedule, schedule -> 'args' as args, ${NEVER} as never,
        ${NEVER} is not null and jsonb_typeof(schedule -> 'args') is not distinct from 'object' as understood
      from jsonb_each(case when ${hasArgs} then ${args} else '{}' end) as given (stage, schedule)
    ) stages
  ) end`;
}
