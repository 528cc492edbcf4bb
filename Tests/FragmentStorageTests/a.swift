import GRDB
import Logging
import NIOCore
import Testing
