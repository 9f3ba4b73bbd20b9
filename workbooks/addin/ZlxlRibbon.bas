Attribute VB_Name = "ZlxlRibbon"
Option Explicit

' Callbacks of customUI14.xml. Captions live in the XML, messages on the sheet zlxl.text: none here.
Private zl_ribbon As IRibbonUI
Private zl_protected As Boolean

Public Sub ZL_OnLoad(ByVal ribbon As IRibbonUI)
    Set zl_ribbon = ribbon
End Sub

Public Sub ZL_OnAction(ByVal control As IRibbonControl)
    ' One callback for all buttons: the Python side dispatches on the control's id.
    If Not ZL_HasBook() Then
        MsgBox ZL_Text("no workbook"), vbExclamation, ZL_Text("title")
        Exit Sub
    End If
    On Error GoTo failed
    RunPython "import zlxl.hosts.ribbon as r;r.run('" & control.ID & "')"
    ZL_Awake
    ZL_Refresh
    Exit Sub
failed:
    ZL_TellFailure Err.Description
End Sub

Public Sub ZL_GetEnabled(ByVal control As IRibbonControl, ByRef enabled As Variant)
    enabled = ZL_Applies(control.ID)
End Sub

Private Function ZL_Applies(ByVal id As String) As Boolean
    ' A workbook must be open, and have the sheet that the button works on (column B of zlxl.buttons).
    Dim needed As String
    If Not ZL_HasBook() Then Exit Function
    needed = ZL_Lookup("zlxl.buttons", id, 2)
    If needed = "" Then
        ZL_Applies = True
    Else
        ZL_Applies = SheetExists(ActiveWorkbook, needed)
    End If
End Function

Private Function ZL_HasBook() As Boolean
    ZL_HasBook = Not (zl_protected Or ActiveWorkbook Is Nothing)
End Function

Public Sub ZL_SetProtected(ByVal protected As Boolean)
    ' Told by events: behind a window in Protected View another workbook may count as the active one.
    zl_protected = protected
    ZL_Refresh
End Sub

Public Sub ZL_Refresh()
    ' The pointer is lost when VBA is reset: the buttons then stay as they are until Excel starts anew.
    If Not zl_ribbon Is Nothing Then zl_ribbon.Invalidate
End Sub

Private Sub ZL_TellFailure(ByVal reason As String)
    Dim words As String
    Application.StatusBar = False
    words = ZL_Text("dead server") & vbLf & ZL_Doctor() & vbLf & vbLf & ZL_LastLine(reason)
    MsgBox words, vbExclamation, ZL_Text("title")
End Sub

Private Function ZL_Doctor() As String
    ' As it can be typed: the command is not on the search path of most computers.
    #If Mac Then
        ZL_Doctor = """" & GetConfig("INTERPRETER_MAC") & """ -m zlxl doctor"
    #Else
        ZL_Doctor = "cmd /k """"" & GetConfig("INTERPRETER_WIN") & """ -m zlxl doctor"""
    #End If
End Function

Private Function ZL_LastLine(ByVal text As String) As String
    ' Of a traceback only its end says what happened.
    Dim lines As Variant, row As Long
    lines = Split(Replace(text, vbCr, ""), vbLf)
    For row = UBound(lines) To 0 Step -1
        If Trim$(lines(row)) <> "" Then
            ZL_LastLine = Trim$(lines(row))
            Exit Function
        End If
    Next row
End Function
