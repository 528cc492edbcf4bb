"""Serves the Matroska file named on the command line by RTSP, at /yard on a port of its own or the one that is given.

Prints the port once it listens. The media begins anew for each session, at the speed of the film.
"""

import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer

Gst.init(None)
missing = [name for name in ("filesrc", "matroskademux", "rtph264pay") if not Gst.ElementFactory.find(name)]
if missing:
    sys.exit("no GStreamer element " + ", ".join(missing))
if len(sys.argv) < 2:
    sys.exit(0)
server = GstRtspServer.RTSPServer()
server.set_address("127.0.0.1")
server.set_service(sys.argv[2] if len(sys.argv) > 2 else "0")
factory = GstRtspServer.RTSPMediaFactory()
factory.set_launch(
    f"( filesrc location={sys.argv[1]} ! matroskademux ! queue ! rtph264pay name=pay0 pt=96 config-interval=-1 )"
)
server.get_mount_points().add_factory("/yard", factory)
if server.attach(None) == 0:
    sys.exit("cannot listen")
print(server.get_bound_port(), flush=True)
GLib.MainLoop().run()
