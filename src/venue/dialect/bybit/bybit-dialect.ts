import type { ChannelLink, ChannelSession, VenueRequest, VenueResponse } from '../../request.ts';
import type { TradingFloor } from '../../trading-floor.ts';
import type { VenueAccount } from '../../venue-account.ts';
import { Credentials } from './credentials.ts';
import { PrivateHub } from './private-hub.ts';
import { PublicHub } from './public-hub.ts';
import type { VenueLimits } from './rate-gate.ts';
import { BybitRest } from './rest.ts';
import { StreamDoors } from './stream-doors.ts';
import { TradeHub } from './trade-hub.ts';

/** The exchange as Bybit v5 linear: requests and channels of one floor. */
export class BybitDialect {
  private readonly floor: TradingFloor;
  private readonly doors: StreamDoors;
  private readonly rest: BybitRest;
  private readonly publicHub: PublicHub;
  private readonly privateHub: PrivateHub;
  private readonly tradeHub: TradeHub;

  constructor(options: {
    readonly floor: TradingFloor;
    readonly accounts: readonly VenueAccount[];
    readonly limits: VenueLimits;
  }) {
    this.floor = options.floor;
    this.doors = new StreamDoors(options.limits);
    const credentials = new Credentials(options.accounts, options.floor.keys);
    this.rest = new BybitRest({ floor: options.floor, credentials, limits: options.limits });
    this.publicHub = new PublicHub(options.floor);
    this.privateHub = new PrivateHub(options.floor, credentials);
    this.tradeHub = new TradeHub(options.floor, credentials, this.rest);
    options.floor.listen({
      onMarket: (changed) => this.publicHub.publish(changed),
      onAccount: (account, events) => {
        this.publicHub.note(events);
        this.privateHub.publish(account, events);
      },
    });
  }

  answer(request: VenueRequest): VenueResponse {
    return this.rest.answer(request);
  }

  /** A text says why there is no channel for this client now. */
  refusesChannel(path: string, address: string): string | null {
    return this.doors.refuses(path, address, this.floor.nowMs());
  }

  /** Null when there is no channel at this path. */
  openChannel(path: string, link: ChannelLink): ChannelSession | null {
    if (path === '/v5/public/linear') return this.publicHub.open(link);
    if (path === '/v5/private') return this.privateHub.open(link);
    return path === '/v5/trade' ? this.tradeHub.open(link) : null;
  }
}
