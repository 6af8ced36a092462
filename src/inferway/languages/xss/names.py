"""Elements and attributes through which markup runs scripts: HTML, SVG 2, and what older browsers took."""

from typing import Final

_RUNNING: Final = """
applet frameset iframe isindex noscript script style svg vmlframe xss
"""
RUNNING: Final = frozenset(_RUNNING.split())
"""Elements that run or hide scripts, or start a document, whatever their attributes."""

_LOADING: Final = """
animate animatemotion animatetransform base bgsound button embed form frame handler ilayer image import input keygen
layer link listener math meta object set use xml
"""
LOADING: Final = frozenset(_LOADING.split())
"""Elements that load, send or animate by attributes; nothing without them."""

HARMLESS: Final = frozenset(("button", "form", "image", "input", "set", "use", "math"))
"""Of `LOADING`: those that people write in text too, and that need an attribute of `LEADING`'s or an event."""

_EVENTS: Final = """
abort activate afterprint afterscriptexecute afterupdate animationcancel animationend animationiteration
animationstart auxclick beforeactivate beforecopy beforecut beforedeactivate beforeeditfocus beforeinput beforematch
beforepaste beforeprint beforescriptexecute beforetoggle beforeunload beforeupdate begin blur bounce cancel canplay
canplaythrough cellchange change click close command contextmenu controlselect copy cuechange cut dataavailable
datasetchanged datasetcomplete dblclick deactivate drag dragend dragenter dragexit dragleave dragover dragstart drop
durationchange emptied end ended error errorupdate exit filterchange finish focus focusin focusout formdata formchange
forminput fullscreenchange fullscreenerror gesturechange gestureend gesturestart gotpointercapture hashchange help
input invalid keydown keypress keyup languagechange layoutcomplete load loadeddata loadedmetadata loadend loadstart
losecapture lostpointercapture message messageerror mousedown mouseenter mouseleave mousemove mouseout mouseover
mouseup mousewheel move moveend movestart offline online orientationchange outofsync pagehide pageshow pause paste
play playing pointercancel pointerdown pointerenter pointerleave pointermove pointerout pointerover pointerrawupdate
pointerup popstate progress propertychange ratechange readystatechange redo rejectionhandled repeat reset resize
resizeend resizestart resume reverse rowdelete rowenter rowexit rowinserted rowsenter scroll scrollend
scrollsnapchange search securitypolicyviolation seek seeked seeking select selectionchange selectstart show slotchange
stalled start stop storage submit suspend syncrestored timeerror timeupdate toggle touchcancel touchend touchmove
touchstart trackchange transitioncancel transitionend transitionrun transitionstart undo unhandledrejection unload
urlflip volumechange waiting webkitanimationend webkitanimationiteration webkitanimationstart webkitmouseforcechanged
webkitmouseforcedown webkitmouseforceup webkittransitionend wheel zoom
"""
EVENTS: Final = frozenset(f"on{event}" for event in _EVENTS.split())
"""Attributes that hold a handler."""

_LEADING: Final = """
action background by cite classid code codebase content data dynsrc folder from formaction href longdesc lowsrc
manifest ping poster profile src style to usemap values xlink:href
"""
LEADING: Final = frozenset(_LEADING.split())
"""Attributes that hold an address, or a value that becomes one."""

BINDING: Final = frozenset(
    ("datafld", "dataformatas", "datasrc", "formaction", "fscommand", "seeksegmenttime", "srcdoc")
)
"""Attributes that are enough in themselves."""
