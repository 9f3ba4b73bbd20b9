Attribute VB_Name = "ZlxlRibbon"
Option Explicit

' Callbacks of customUI14.xml. Captions live in the XML, messages on the sheet zlxl.text: none here.
Private zl_ribbon As IRibbonUI

Public Sub ZL_OnLoad(ByVal ribbon As IRibbonUI)
    Set zl_ribbon = ribbon
End Sub

Public Sub ZL_OnAction(ByVal control As IRibbonControl)
    ' One callback for all buttons: the Python side dispatches on the control's id.
    If ActiveWorkbook Is Nothing Then
        MsgBox ZL_Text("no workbook"), vbExclamation, ZL_Text("title")
        Exit Sub
    End If
    On Error GoTo failed
    RunPython "import zlxl.hosts.ribbon as r;r.run('" & control.ID & "')"
    ZL_Refresh
    Exit Sub
failed:
    Application.StatusBar = False
    MsgBox ZL_Text("dead server") & vbCrLf & Err.Description, vbExclamation, ZL_Text("title")
End Sub

Public Sub ZL_GetEnabled(ByVal control As IRibbonControl, ByRef enabled As Variant)
    enabled = ZL_Applies(control.ID)
End Sub

Public Function ZL_Applies(ByVal id As String) As Boolean
    ' A workbook must be open, and have the sheet that the button works on (column B of zlxl.buttons).
    Dim needed As String
    If ActiveWorkbook Is Nothing Then Exit Function
    needed = ZL_Lookup("zlxl.buttons", id, 2)
    If needed = "" Then
        ZL_Applies = True
    Else
        ZL_Applies = SheetExists(ActiveWorkbook, needed)
    End If
End Function

Public Sub ZL_Refresh()
    ' The pointer is lost when VBA is reset: the buttons then stay as they are until Excel starts anew.
    If Not zl_ribbon Is Nothing Then zl_ribbon.Invalidate
End Sub
