import { useQuery } from '@tanstack/react-query';
import { useCell } from '../../live/cell.ts';
import { usePage } from '../../page-context.ts';

/**
 * The effective settings; read again whenever the server names another version. `config` is undefined until
 * read; `isCurrent` is false while it still holds the version before.
 */
export function useConfig() {
  const { client, live } = usePage();
  const version = useCell(live.autoBot)?.configVersion ?? null;
  const query = useQuery({
    queryKey: ['config', version],
    queryFn: client.config,
    enabled: version !== null,
    placeholderData: (before) => before,
    staleTime: Number.POSITIVE_INFINITY,
    retry: 3,
  });
  return { config: query.data?.config, isCurrent: query.data !== undefined && !query.isPlaceholderData };
}
