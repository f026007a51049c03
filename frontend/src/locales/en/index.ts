import after from './after.json'
import auctions from './auctions.json'
import common from './common.json'
import contracts from './contracts.json'
import desk from './desk.json'
import door from './door.json'
import hall from './hall.json'
import identity from './identity.json'
import listings from './listings.json'
import notices from './notices.json'
import proof from './proof.json'
import sale from './sale.json'

export default { common, listings, auctions, identity, contracts, desk, sale, hall, door, notices, proof, after }
