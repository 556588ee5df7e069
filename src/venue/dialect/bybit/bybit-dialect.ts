import type { ChannelLink, ChannelSession, VenueRequest, VenueResponse } from '../../request.ts';
import type { TradingFloor, VenueAccount } from '../../trading-floor.ts';
import { Credentials } from './credentials.ts';
import { PrivateHub } from './private-hub.ts';
import { PublicHub } from './public-hub.ts';
import type { VenueLimits } from './rate-gate.ts';
import { BybitRest } from './rest.ts';

/** The exchange as Bybit v5 linear: requests and channels of one floor. */
export class BybitDialect {
  private readonly rest: BybitRest;
  private readonly publicHub: PublicHub;
  private readonly privateHub: PrivateHub;

  constructor(options: {
    readonly floor: TradingFloor;
    readonly accounts: readonly VenueAccount[];
    readonly limits: VenueLimits;
  }) {
    const credentials = new Credentials(options.accounts);
    this.rest = new BybitRest({ floor: options.floor, credentials, limits: options.limits });
    this.publicHub = new PublicHub(options.floor);
    this.privateHub = new PrivateHub(options.floor, credentials);
    options.floor.listen({
      onMarket: (changed) => this.publicHub.publish(changed),
      onAccount: (account, events) => this.privateHub.publish(account, events),
    });
  }

  answer(request: VenueRequest): VenueResponse {
    return this.rest.answer(request);
  }

  /** Null when there is no channel at this path. */
  openChannel(path: string, link: ChannelLink): ChannelSession | null {
    if (path === '/v5/public/linear') return this.publicHub.open(link);
    return path === '/v5/private' ? this.privateHub.open(link) : null;
  }
}
